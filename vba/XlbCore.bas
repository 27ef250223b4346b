Attribute VB_Name = "XlbCore"
Option Explicit
' Carries values to Python and back. What is right or wrong about a workbook is not known here.
' Chinese texts stand in the hidden settings sheet, because VBA sources are ASCII.

Private Const PYTHON_MODULE As String = "xlbudget.addin.udfs"
Private Const SETTINGS As String = "xlwings.conf"
Private Const FIRST_TEXT As Long = 4 ' column: kind, name, text, then help of arguments
Private Const WAIT_SECONDS As Double = 60
Private Const VALUE_ERROR As Long = 2015
Private Const NA_ERROR As Long = 2042

Private server As Object
Private failedAt As Double
Private described As Boolean
Private tabs As Object

' -- buttons -------------------------------------------------------------------------------------------

Public Sub XlbButton(ByVal button As String)
    Dim message As String
    message = XlbPress(button)
    If Len(message) > 0 Then MsgBox message, vbInformation, XlbText("title")
End Sub

' What Python has to say about a button; whatever happens, Excel is left as it was found.
Public Function XlbPress(ByVal button As String) As String
    Dim book As Workbook, calculation As Long, events As Boolean, reason As String
    Set book = XlbBook()
    If book Is Nothing Then
        XlbPress = XlbText("no_workbook")
        Exit Function
    End If
    calculation = Application.Calculation
    events = Application.EnableEvents
    On Error GoTo failed
    Application.DisplayAlerts = False ' else Excel asks for patience when Python takes long
    XlbPress = XLPy.CallUDF(PYTHON_MODULE, "press", Array(button), book, Application.Caller)
restore:
    On Error Resume Next
    If Application.Calculation <> calculation Then Application.Calculation = calculation
    Application.EnableEvents = events
    Application.DisplayAlerts = True
    Application.ScreenUpdating = True
    Application.Cursor = xlDefault
    Exit Function
failed:
    reason = Left$(Err.Description, 400)
    Application.StatusBar = False
    XlbPress = XlbText("failed") & vbLf & vbLf & reason
    Resume restore
End Function

' The add-in works on the workbook in front, an .xlsm on itself.
Private Function XlbBook() As Workbook
    If ThisWorkbook.IsAddin Then
        Set XlbBook = ActiveWorkbook
    Else
        Set XlbBook = ThisWorkbook
    End If
End Function

' -- worksheet functions -------------------------------------------------------------------------------

Public Function XlbCall(ByVal name As String, ByVal given As Variant) As Variant
    Dim warm As Boolean
    On Error GoTo failed
again:
    warm = Not server Is Nothing
    If Not warm Then XlbStart
    XlbCall = XlbResult(server.CallUDF(PYTHON_MODULE, name, given))
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
    Set server = XLPy()
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
    Set sheet = XlbSettings()
    If sheet Is Nothing Then Exit Function
    For row = 1 To sheet.UsedRange.Rows.Count
        If sheet.Cells(row, FIRST_TEXT).Value = "text" And sheet.Cells(row, FIRST_TEXT + 1).Value = name Then
            XlbText = sheet.Cells(row, FIRST_TEXT + 2).Value
        End If
    Next row
End Function

Private Function XlbSettings() As Worksheet
    On Error Resume Next ' Nothing where somebody took the sheet away
    Set XlbSettings = ThisWorkbook.Worksheets(SETTINGS)
End Function

' Help of functions and arguments in Excel's function dialog; a courtesy, so that nothing stops when it fails.
Public Sub XlbDescribe()
    Dim sheet As Worksheet, row As Long, kept As Boolean
    Set sheet = XlbSettings()
    If described Or sheet Is Nothing Then Exit Sub
    kept = ThisWorkbook.Saved
    described = True
    On Error Resume Next
    For row = 1 To sheet.UsedRange.Rows.Count
        If sheet.Cells(row, FIRST_TEXT).Value = "function" Then
            XlbHelp sheet, row
            If Err.Number <> 0 Then described = False
        End If
    Next row
    ThisWorkbook.Saved = kept
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
    Set tabs = ribbon
End Sub

Public Sub XlbRefresh()
    If Not tabs Is Nothing Then tabs.Invalidate
End Sub

' The add-in's tab steps back where the workbook in front brings its own.
Public Function XlbVisible() As Boolean
    XlbVisible = True
    If ThisWorkbook.IsAddin And Not ActiveWorkbook Is Nothing Then
        XlbVisible = Not (ActiveWorkbook.HasVBProject And SheetExists(ActiveWorkbook, SETTINGS))
    End If
End Function
