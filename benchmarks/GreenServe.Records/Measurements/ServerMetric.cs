namespace GreenServe.Records.Measurements;

/// <summary>One scraped value of the server's own metrics; one row of <c>server.csv</c>.</summary>
/// <param name="Name">Metric name with its labels, as exposed.</param>
/// <param name="Seconds">Offset from the start of the run.</param>
/// <param name="Value">The value, as exposed.</param>
public readonly record struct ServerMetric(string Name, double Seconds, double Value);
