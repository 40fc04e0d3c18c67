namespace GreenServe.Simulation.Policies.Wilkins;

/// <summary>The largest of the latest values.</summary>
/// <param name="values">Number of values that count, at least 1.</param>
internal sealed class LatestMaximum(int values)
{
    private readonly double[] latest = new double[values];
    private int next;
    private int known;

    /// <summary>The largest of the latest values; negative infinity while there is none.</summary>
    internal double Value { get; private set; } = double.NegativeInfinity;

    /// <summary>Adds a value, in place of the oldest where there are enough.</summary>
    /// <param name="value">The value.</param>
    internal void Add(double value)
    {
        latest[next] = value;
        next = (next + 1) % latest.Length;
        known = Math.Min(known + 1, latest.Length);
        Value = value;
        for (int index = 0; index < known; index++)
        {
            Value = Math.Max(Value, latest[index]);
        }
    }
}
