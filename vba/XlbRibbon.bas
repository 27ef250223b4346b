Attribute VB_Name = "XlbRibbon"
Option Explicit
' Made from xlbudget/vba/buttons.py by docs/make_references.py. Do not edit.

Public Sub Xlb_onLoad(ribbon As IRibbonUI)
    XlbLoaded ribbon
End Sub

Public Sub Xlb_getVisible(control As IRibbonControl, ByRef visible As Variant)
    visible = XlbVisible()
End Sub

Public Sub Xlb_check(control As IRibbonControl)
    XlbButton "check"
End Sub

Public Sub Xlb_next_issue(control As IRibbonControl)
    XlbButton "next_issue"
End Sub

Public Sub Xlb_compute(control As IRibbonControl)
    XlbButton "compute"
End Sub

Public Sub Xlb_clear(control As IRibbonControl)
    XlbButton "clear"
End Sub

Public Sub Xlb_report(control As IRibbonControl)
    XlbButton "report"
End Sub

Public Sub Xlb_word(control As IRibbonControl)
    XlbButton "word"
End Sub

Public Sub Xlb_pdf(control As IRibbonControl)
    XlbButton "pdf"
End Sub

Public Sub Xlb_folder(control As IRibbonControl)
    XlbButton "folder"
End Sub

Public Sub Xlb_audit(control As IRibbonControl)
    XlbButton "audit"
End Sub

Public Sub Xlb_collect(control As IRibbonControl)
    XlbButton "collect"
End Sub

Public Sub Xlb_guide(control As IRibbonControl)
    XlbButton "guide"
End Sub

Public Sub Xlb_functions(control As IRibbonControl)
    XlbButton "functions"
End Sub

Public Sub Xlb_doctor(control As IRibbonControl)
    XlbButton "doctor"
End Sub

Public Sub Xlb_about(control As IRibbonControl)
    XlbButton "about"
End Sub
