namespace GreenServe.Records.Measurements;

/// <summary>One reading of one meter, as read; one row of <c>power.csv</c>. Exactly one of the two values is set.</summary>
/// <param name="Meter">Stable name of the meter, for example <c>gpu0.energy</c>.</param>
/// <param name="Seconds">Offset from the start of the run.</param>
/// <param name="Watts">Power (W), for a meter of power.</param>
/// <param name="CumulativeJoules">Energy since an arbitrary start (J), for a counter; wraps already undone.</param>
public readonly record struct PowerSample(string Meter, double Seconds, double? Watts, double? CumulativeJoules);
