namespace GreenServe.Analysis.Reports;

/// <summary>A column of a table on the page.</summary>
/// <param name="Name">Name of the column in the CSV.</param>
/// <param name="Title">Words and unit for people.</param>
/// <param name="Factor">What its numbers are multiplied with to be read in that unit.</param>
/// <param name="HasInterval">Whether columns <c>_low</c> and <c>_high</c> stand beside it.</param>
internal sealed record ReportColumn(string Name, string Title, double Factor = 1, bool HasInterval = false);
