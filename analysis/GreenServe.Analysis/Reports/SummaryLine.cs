namespace GreenServe.Analysis.Reports;

/// <summary>A line of a run's summary.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value with unit, or why it was not measured.</param>
/// <param name="Note">How it came to be; empty for nothing.</param>
public sealed record SummaryLine(string Name, string Value, string Note);
