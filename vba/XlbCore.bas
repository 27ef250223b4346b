Attribute VB_Name = "XlbCore"
Option Explicit
Option Private Module
' Carries values to Python and back. What is right or wrong about a workbook is not known here.
' Chinese texts stand in the hidden settings sheet, because VBA sources are ASCII.
' A formula can name what is Public in a module, here too. So what does more than compute returns at once when a cell
' asks, and buttons have a Python module of their own, which XlbCall never names.
' In the add-in every name begins with Xla (xlbudget/vba/project.py): Excel may take a callback of that name elsewhere.

Private Const FUNCTIONS_MODULE As String = "xlbudget.addin.udfs"
Private Const BUTTONS_MODULE As String = "xlbudget.addin.buttons"
Private Const SETTINGS As String = "xlwings.conf"
Private Const MARK_CELL As String = "C1"
Private Const MARK As String = "xlbudget"
Private Const FIRST_TEXT As Long = 4 ' column: kind, name, text, then help of arguments
Private Const WAIT_SECONDS As Double = 60
Private Const VALUE_ERROR As Long = 2015
Private Const NA_ERROR As Long = 2042

Private Declare PtrSafe Function MessageBoxW Lib "user32" ( _
    ByVal owner As LongPtr, ByVal text As LongPtr, ByVal title As LongPtr, ByVal kind As Long) As Long

Public XlbAsking As Boolean ' xlwings' module answers only while it is set
Private server As Object
Private failedAt As Double
Private described As Boolean
Private tabs As Object

' Whether a formula calls; else Caller is an error value.
Private Function XlbFromCell() As Boolean
    XlbFromCell = TypeName(Application.Caller) = "Range"
End Function

' Python's server, started where it is not there.
Private Function XlbServer() As Object
    On Error GoTo failed
    XlbAsking = True
    Set XlbServer = XLPy()
    XlbAsking = False
    Exit Function
failed:
    XlbAsking = False
    Err.Raise Err.Number, , Err.Description
End Function

' -- buttons -------------------------------------------------------------------------------------------

Public Sub XlbButton(ByVal control As Object, ByVal button As String, Optional ByVal question As String)
    Dim book As Workbook, message As String, answer As String
    If XlbFromCell() Then Exit Sub
    Set book = XlbWindowBook(control)
    If XlbServes(book) Then
        If XlbAsked(question, button, answer) Then message = XlbDone(button, book, answer)
    Else
        message = XlbText("other_workbook")
    End If
    If Len(message) > 0 Then XlbBox message, vbInformation
End Sub

' What Python has to say about a button; for programs that press it.
Public Function XlbAnswer(ByVal button As String, ByVal answer As String) As String
    If XlbFromCell() Then Exit Function
    If ThisWorkbook.IsAddin Then
        XlbAnswer = XlbDone(button, ActiveWorkbook, answer)
    Else
        XlbAnswer = XlbDone(button, ThisWorkbook, answer)
    End If
End Function

' What a button asks before Python begins; False where people think better of it.
Private Function XlbAsked(ByVal question As String, ByVal button As String, ByRef answer As String) As Boolean
    Dim given As Variant
    XlbAsked = True
    Select Case question
    Case ""
        Exit Function
    Case "confirm"
        XlbAsked = (XlbBox(XlbText("ask_" & button), vbYesNo + vbQuestion + vbDefaultButton2) = vbYes)
        Exit Function
    Case "open"
        given = Application.GetOpenFilename(XlbText("filter_" & button), 1, XlbText("ask_" & button))
    Case "save"
        given = Application.GetSaveAsFilename(XlbText("name_" & button), XlbText("filter_" & button), 1, XlbText("ask_" & button))
    Case Else
        given = InputBox(XlbText("ask_" & button), XlbText("title"))
        If given = "" Then given = False
    End Select
    XlbAsked = (VarType(given) = vbString)
    If XlbAsked Then answer = given
End Function

' The workbook in whose window a control is (learn.microsoft.com, IRibbonControl.Context); the one in front where the
' program does not tell.
Private Function XlbWindowBook(ByVal control As Object) As Workbook
    Set XlbWindowBook = ActiveWorkbook
    On Error Resume Next
    Set XlbWindowBook = control.Context.Parent
End Function

' The add-in serves every workbook, an .xlsm itself alone.
Private Function XlbServes(ByVal book As Workbook) As Boolean
    XlbServes = ThisWorkbook.IsAddin
    If Not XlbServes And Not book Is Nothing Then XlbServes = (book.FullName = ThisWorkbook.FullName)
End Function

' Whatever happens, Excel is left as it was found.
Private Function XlbDone(ByVal button As String, ByVal book As Workbook, ByVal answer As String) As String
    Dim calculation As Long, events As Boolean, alerts As Boolean, updating As Boolean
    Dim pointer As Long, bar As Variant, reason As String
    If book Is Nothing Then
        XlbDone = XlbText("no_workbook")
        Exit Function
    End If
    calculation = Application.Calculation
    events = Application.EnableEvents
    alerts = Application.DisplayAlerts
    updating = Application.ScreenUpdating
    pointer = Application.Cursor
    bar = Application.StatusBar
    On Error GoTo failed
    Application.DisplayAlerts = False ' else Excel asks for patience when Python takes long
    XlbDone = XlbServer().CallUDF(BUTTONS_MODULE, "press", Array(button, answer), book, Application.Caller)
    failedAt = 0 ' Python is there for functions, too
restore:
    On Error Resume Next
    If Application.Calculation <> calculation Then Application.Calculation = calculation
    Application.EnableEvents = events
    Application.DisplayAlerts = alerts
    Application.ScreenUpdating = updating
    Application.Cursor = pointer
    Exit Function
failed:
    reason = Left$(Err.Description, 400)
    Application.StatusBar = bar
    XlbDone = XlbText("failed") & vbLf & vbLf & reason
    Resume restore
End Function

' MsgBox takes about 1,024 characters (learn.microsoft.com, MsgBox function), of Chinese half, and loses what the code
' page lacks; Windows' own box does neither.
Private Function XlbBox(ByVal message As String, ByVal kind As Long) As Long
    Dim title As String
    title = XlbText("title")
    On Error Resume Next ' a machine may forbid macros to call Windows
    XlbBox = MessageBoxW(Application.Hwnd, StrPtr(message), StrPtr(title), kind)
    On Error GoTo 0
    If XlbBox = 0 Then XlbBox = MsgBox(message, kind, title)
End Function

' -- worksheet functions -------------------------------------------------------------------------------

Public Function XlbCall(ByVal name As String, ByVal given As Variant) As Variant
    Dim warm As Boolean
    On Error GoTo failed
again:
    warm = Not server Is Nothing
    If Not warm Then XlbStart
    XlbCall = XlbResult(server.CallUDF(FUNCTIONS_MODULE, name, given))
    Exit Function
failed:
    Set server = Nothing
    If warm Then Resume again ' Python may have been closed since the last call
    XlbCall = CVErr(VALUE_ERROR)
End Function

' A thousand formulas must not each wait for a Python that does not start.
Private Sub XlbStart()
    Dim since As Double
    since = Timer - failedAt
    If failedAt > 0 And since >= 0 And since < WAIT_SECONDS Then Err.Raise 1000
    On Error GoTo failed
    Set server = XlbServer()
    failedAt = 0
    Exit Sub
failed:
    failedAt = Timer
    Err.Raise 1000
End Sub

' The folder of the workbook that holds the formula; a place's own profiles lie there.
Public Function XlbFolder() As String
    If TypeName(Application.Caller) = "Range" Then
        XlbFolder = Application.Caller.Worksheet.Parent.Path
    Else
        XlbFolder = ThisWorkbook.Path
    End If
End Function

' An argument: of a range the values, and the number format with a number; Empty for one that was left out.
Public Function XlbGiven(Optional ByVal given As Variant) As Variant
    If IsMissing(given) Then Exit Function
    If TypeName(given) <> "Range" Then
        XlbGiven = given
    ElseIf given.Areas.Count > 1 Then
        XlbGiven = CVErr(VALUE_ERROR)
    Else
        XlbGiven = XlbValues(XlbUsed(given))
    End If
End Function

' Of whole columns the rows that are in use.
Private Function XlbUsed(ByVal area As Range) As Range
    Dim used As Range
    Set XlbUsed = area
    If area.Rows.Count = area.Worksheet.Rows.Count Then
        Set used = area.Worksheet.UsedRange
        Set XlbUsed = area.Resize(used.Row + used.Rows.Count - 1)
    End If
End Function

Private Function XlbValues(ByVal area As Range) As Variant
    Dim values As Variant, look As Variant, row As Long, column As Long
    values = area.Value2
    If Not IsArray(values) Then
        XlbValues = XlbNumber(values, area.NumberFormat)
        Exit Function
    End If
    For column = 1 To UBound(values, 2)
        look = area.Columns(column).NumberFormat ' Null where cells differ
        For row = 1 To UBound(values, 1)
            If VarType(values(row, column)) = vbDouble Then
                If IsNull(look) Then
                    values(row, column) = XlbNumber(values(row, column), area.Cells(row, column).NumberFormat)
                Else
                    values(row, column) = XlbNumber(values(row, column), look)
                End If
            End If
        Next row
    Next column
    XlbValues = values
End Function

' 0.95 shown as 95% becomes a text that carries both: mark, number, mark, format.
Private Function XlbNumber(ByVal value As Variant, ByVal look As Variant) As Variant
    XlbNumber = value
    If VarType(value) = vbDouble And look <> "General" Then
        XlbNumber = Chr$(1) & Trim$(Str$(value)) & Chr$(1) & look
    End If
End Function

' A result or rows of results, with real error values.
Private Function XlbResult(ByVal answer As Variant) As Variant
    Dim row As Long, column As Long
    If IsArray(answer) Then
        For row = LBound(answer, 1) To UBound(answer, 1)
            For column = LBound(answer, 2) To UBound(answer, 2)
                answer(row, column) = XlbError(answer(row, column))
            Next column
        Next row
        XlbResult = answer
    Else
        XlbResult = XlbError(answer)
    End If
End Function

Private Function XlbError(ByVal value As Variant) As Variant
    XlbError = value
    If VarType(value) = vbString Then
        If value = "#VALUE!" Then XlbError = CVErr(VALUE_ERROR)
        If value = "#N/A" Then XlbError = CVErr(NA_ERROR)
    End If
End Function

' -- texts and help ------------------------------------------------------------------------------------

Public Function XlbText(ByVal name As String) As String
    Dim sheet As Worksheet, row As Long
    XlbText = "xlbudget: " & name
    Set sheet = XlbSettings(ThisWorkbook)
    If sheet Is Nothing Then Exit Function
    For row = 1 To sheet.UsedRange.Rows.Count
        If sheet.Cells(row, FIRST_TEXT).Value = "text" And sheet.Cells(row, FIRST_TEXT + 1).Value = name Then
            XlbText = sheet.Cells(row, FIRST_TEXT + 2).Value
        End If
    Next row
End Function

Private Function XlbSettings(ByVal book As Workbook) As Worksheet
    On Error Resume Next ' Nothing where there is no such sheet, or somebody took it away
    Set XlbSettings = book.Worksheets(SETTINGS)
End Function

' Help of functions and arguments in Excel's function dialog, once a session; a courtesy, so that nothing stops when it
' fails. Excel edits no macro of a hidden workbook (JuliaExcel, modRegister.bas): the add-in is none for that moment, in
' which nothing is drawn.
Public Sub XlbDescribe()
    Dim front As Workbook, events As Boolean, updating As Boolean, kept As Boolean
    If described Or XlbFromCell() Then Exit Sub
    described = True
    kept = ThisWorkbook.Saved
    On Error Resume Next
    If ThisWorkbook.IsAddin Then
        Set front = ActiveWorkbook
        events = Application.EnableEvents
        updating = Application.ScreenUpdating
        Application.EnableEvents = False
        Application.ScreenUpdating = False
        ThisWorkbook.IsAddin = False
        XlbHelps
        ThisWorkbook.IsAddin = True
        front.Activate
        Application.ScreenUpdating = updating
        Application.EnableEvents = events
    Else
        XlbHelps
    End If
    ThisWorkbook.Saved = kept
End Sub

Private Sub XlbHelps()
    Dim sheet As Worksheet, row As Long
    Set sheet = XlbSettings(ThisWorkbook)
    If sheet Is Nothing Then Exit Sub
    On Error Resume Next
    For row = 1 To sheet.UsedRange.Rows.Count
        If sheet.Cells(row, FIRST_TEXT).Value = "function" Then XlbHelp sheet, row
    Next row
End Sub

Private Sub XlbHelp(ByVal sheet As Worksheet, ByVal row As Long)
    Dim helps() As String, count As Long
    Do While sheet.Cells(row, FIRST_TEXT + 3 + count).Value <> ""
        ReDim Preserve helps(0 To count)
        helps(count) = sheet.Cells(row, FIRST_TEXT + 3 + count).Value
        count = count + 1
    Loop
    Application.MacroOptions _
        Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & sheet.Cells(row, FIRST_TEXT + 1).Value, _
        Description:=sheet.Cells(row, FIRST_TEXT + 2).Value, _
        Category:=XlbText("category"), _
        ArgumentDescriptions:=helps
End Sub

' -- the tab -------------------------------------------------------------------------------------------

Public Sub XlbLoaded(ByVal ribbon As Object)
    If Not XlbFromCell() Then Set tabs = ribbon
End Sub

Public Sub XlbRefresh()
    If Not XlbFromCell() And Not tabs Is Nothing Then tabs.Invalidate
End Sub

' The add-in's tab steps back where the workbook in the window brings its own.
Public Function XlbVisible(ByVal control As Object) As Boolean
    XlbVisible = True
    If ThisWorkbook.IsAddin Then XlbVisible = Not XlbHasTab(XlbWindowBook(control))
End Function

' A workbook with macros of ours. Others that use xlwings have a sheet of that name, too, and one saved as .xlsx has no macros.
Private Function XlbHasTab(ByVal book As Workbook) As Boolean
    Dim sheet As Worksheet
    If book Is Nothing Then Exit Function
    If Not book.HasVBProject Then Exit Function
    Set sheet = XlbSettings(book)
    If Not sheet Is Nothing Then XlbHasTab = (CStr(sheet.Range(MARK_CELL).Value) = MARK)
End Function
