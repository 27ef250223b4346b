Attribute VB_Name = "XlbRibbon"
Option Explicit
' Made from xlbudget/vba/buttons.py by docs/make_references.py. Do not edit.

Public Sub Xlb_onLoad(ribbon As IRibbonUI)
    XlbLoaded ribbon
End Sub

Public Sub Xlb_getVisible(control As IRibbonControl, ByRef visible As Variant)
    visible = XlbVisible(control)
End Sub

Public Sub Xlb_check(control As IRibbonControl)
    XlbButton control, "check"
End Sub

Public Sub Xlb_next_issue(control As IRibbonControl)
    XlbButton control, "next_issue"
End Sub

Public Sub Xlb_previous_issue(control As IRibbonControl)
    XlbButton control, "previous_issue"
End Sub

Public Sub Xlb_explain(control As IRibbonControl)
    XlbButton control, "explain"
End Sub

Public Sub Xlb_compute(control As IRibbonControl)
    XlbButton control, "compute"
End Sub

Public Sub Xlb_profile(control As IRibbonControl)
    XlbButton control, "profile", "text"
End Sub

Public Sub Xlb_all(control As IRibbonControl)
    XlbButton control, "all"
End Sub

Public Sub Xlb_report(control As IRibbonControl)
    XlbButton control, "report"
End Sub

Public Sub Xlb_word(control As IRibbonControl)
    XlbButton control, "word"
End Sub

Public Sub Xlb_pdf(control As IRibbonControl)
    XlbButton control, "pdf"
End Sub

Public Sub Xlb_forms(control As IRibbonControl)
    XlbButton control, "forms"
End Sub

Public Sub Xlb_folder(control As IRibbonControl)
    XlbButton control, "folder"
End Sub

Public Sub Xlb_audit(control As IRibbonControl)
    XlbButton control, "audit"
End Sub

Public Sub Xlb_audit_any(control As IRibbonControl)
    XlbButton control, "audit_any", "open"
End Sub

Public Sub Xlb_new(control As IRibbonControl)
    XlbButton control, "new", "save"
End Sub

Public Sub Xlb_sample(control As IRibbonControl)
    XlbButton control, "sample", "save"
End Sub

Public Sub Xlb_clear(control As IRibbonControl)
    XlbButton control, "clear", "confirm"
End Sub

Public Sub Xlb_guide(control As IRibbonControl)
    XlbButton control, "guide"
End Sub

Public Sub Xlb_functions(control As IRibbonControl)
    XlbButton control, "functions"
End Sub

Public Sub Xlb_doctor(control As IRibbonControl)
    XlbButton control, "doctor"
End Sub

Public Sub Xlb_about(control As IRibbonControl)
    XlbButton control, "about"
End Sub

' For programs: presses a button and gives its message back.
Public Function XlbPress(ByVal button As String, Optional ByVal answer As String) As String
    XlbPress = XlbAnswer(button, answer)
End Function
