namespace GreenServe.Records.Prometheus;

/// <summary>One line of Prometheus' text format.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Text">Name and labels as they were exposed.</param>
/// <param name="Labels">Its labels, unescaped.</param>
/// <param name="Value">Its value; may be NaN or infinite.</param>
public sealed record PrometheusSeries(string Metric, string Text, IReadOnlyDictionary<string, string> Labels, double Value);
