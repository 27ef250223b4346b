Attribute VB_Name = "XlbFunctions"
Option Explicit
' Made from xlbudget/functions/worksheet by docs/make_references.py. Do not edit.

Public Function ACHIEVEMENT(rows As Variant, Optional header As Variant, Optional profile As Variant) As Variant
    ACHIEVEMENT = XlbCall("ACHIEVEMENT", Array(XlbFolder(), XlbGiven(rows), XlbGiven(header), XlbGiven(profile)))
End Function

Public Function INDICATOR_FORECAST(rows As Variant, month As Variant, Optional header As Variant, Optional profile As Variant) As Variant
    INDICATOR_FORECAST = XlbCall("INDICATOR_FORECAST", Array(XlbFolder(), XlbGiven(rows), XlbGiven(month), XlbGiven(header), XlbGiven(profile)))
End Function

Public Function WARNING_LIGHT(rows As Variant, month As Variant, Optional header As Variant, Optional profile As Variant) As Variant
    WARNING_LIGHT = XlbCall("WARNING_LIGHT", Array(XlbFolder(), XlbGiven(rows), XlbGiven(month), XlbGiven(header), XlbGiven(profile)))
End Function

Public Function ADJUSTED_BUDGET(rows As Variant, Optional header As Variant, Optional unit As Variant) As Variant
    ADJUSTED_BUDGET = XlbCall("ADJUSTED_BUDGET", Array(XlbFolder(), XlbGiven(rows), XlbGiven(header), XlbGiven(unit)))
End Function

Public Function EXECUTION_RATE(rows As Variant, Optional header As Variant, Optional unit As Variant) As Variant
    EXECUTION_RATE = XlbCall("EXECUTION_RATE", Array(XlbFolder(), XlbGiven(rows), XlbGiven(header), XlbGiven(unit)))
End Function

Public Function PROJECT_ACHIEVEMENT(rows As Variant, project_header As Variant, indicator_rows As Variant, indicator_header As Variant, Optional profile As Variant, Optional unit As Variant) As Variant
    PROJECT_ACHIEVEMENT = XlbCall("PROJECT_ACHIEVEMENT", Array(XlbFolder(), XlbGiven(rows), XlbGiven(project_header), XlbGiven(indicator_rows), XlbGiven(indicator_header), XlbGiven(profile), XlbGiven(unit)))
End Function

Public Function PROJECT_FORECAST(rows As Variant, project_header As Variant, indicator_rows As Variant, indicator_header As Variant, month As Variant, Optional profile As Variant, Optional unit As Variant) As Variant
    PROJECT_FORECAST = XlbCall("PROJECT_FORECAST", Array(XlbFolder(), XlbGiven(rows), XlbGiven(project_header), XlbGiven(indicator_rows), XlbGiven(indicator_header), XlbGiven(month), XlbGiven(profile), XlbGiven(unit)))
End Function

Public Function FORECAST_FLAG(percent As Variant, Optional profile As Variant) As Variant
    FORECAST_FLAG = XlbCall("FORECAST_FLAG", Array(XlbFolder(), XlbGiven(percent), XlbGiven(profile)))
End Function

Public Function PROJECT_LIGHT(rows As Variant, project_header As Variant, indicator_rows As Variant, indicator_header As Variant, month As Variant, Optional profile As Variant) As Variant
    PROJECT_LIGHT = XlbCall("PROJECT_LIGHT", Array(XlbFolder(), XlbGiven(rows), XlbGiven(project_header), XlbGiven(indicator_rows), XlbGiven(indicator_header), XlbGiven(month), XlbGiven(profile)))
End Function

Public Function BUDGET_LIGHT(rows As Variant, month As Variant, Optional header As Variant, Optional profile As Variant, Optional unit As Variant) As Variant
    BUDGET_LIGHT = XlbCall("BUDGET_LIGHT", Array(XlbFolder(), XlbGiven(rows), XlbGiven(month), XlbGiven(header), XlbGiven(profile), XlbGiven(unit)))
End Function

Public Function AMOUNT_WAN(amount As Variant, Optional unit As Variant) As Variant
    AMOUNT_WAN = XlbCall("AMOUNT_WAN", Array(XlbFolder(), XlbGiven(amount), XlbGiven(unit)))
End Function

Public Function YEAR_ON_YEAR(now As Variant, before As Variant) As Variant
    YEAR_ON_YEAR = XlbCall("YEAR_ON_YEAR", Array(XlbFolder(), XlbGiven(now), XlbGiven(before)))
End Function
