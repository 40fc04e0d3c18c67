using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Records.Measurements;

/// <summary>
/// What the simulated numbers of a run may be off by, metric by metric, as the nearest comparisons of the simulator with measurements say.
/// </summary>
/// <remarks>
/// A band is for a number as it stands. Two settings of one simulator share most of it, so that the ratio of their numbers is surer than
/// either. <c>docs/simulator.md</c> has the rule.
/// </remarks>
public sealed record ErrorBands
{
    /// <summary>Share of the cases, in (0, 1), in which a measurement lies within the band.</summary>
    /// <value>Default 0.8.</value>
    [Range(0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Share { get; init; } = 0.8;

    /// <summary>What the bands come from, for example <c>published points</c> or <c>12 runs held out of the calibration</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the accelerator that the errors were measured on; <c>null</c> where they are of several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gpu { get; init; }

    /// <summary>What a calibrated profile was compared with; <c>null</c> where it is not known, and for one run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComparedSettings? Compared { get; init; }

    /// <summary>Band of the mean time to first token; <c>null</c> where nothing tells it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorBand? Ttft { get; init; }

    /// <summary>Band of the time between tokens; <c>null</c> where nothing tells it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorBand? Tbt { get; init; }

    /// <summary>Band of the output tokens per second; <c>null</c> where nothing tells it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorBand? Throughput { get; init; }

    /// <summary>Band of the mean power of the accelerators; <c>null</c> where nothing tells it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorBand? Watts { get; init; }

    /// <summary>Band of the energy of an output token, and of a request; <c>null</c> where nothing tells it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorBand? JoulesPerToken { get; init; }

    /// <summary>Every band that is known, with the name of its metric in words.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Metric, ErrorBand Band)> Known =>
    [
        .. new (string Metric, ErrorBand? Band)[]
        {
            ("TTFT", Ttft), ("TBT", Tbt), ("throughput", Throughput), ("power", Watts), ("energy", JoulesPerToken),
        }.Where(item => item.Band is not null).Select(item => (item.Metric, item.Band!)),
    ];

    /// <summary>
    /// Why the numbers are extrapolated, each reason with its metrics, for example
    /// <c>power, energy: no validation at TP 4 with fp8 on H200-SXM</c>; <c>null</c> where none is.
    /// </summary>
    [JsonIgnore]
    public string? ExtrapolatedInWords
    {
        get
        {
            (string Metric, ErrorBand Band)[] known = [.. Known];
            string text = string.Join("; ", known.Where(item => item.Band.Extrapolated is not null)
                .GroupBy(item => item.Band.Extrapolated!)
                .Select(group => group.Count() == known.Length
                    ? group.Key
                    : $"{string.Join(", ", group.Select(item => item.Metric))}: {group.Key}"));
            return text.Length > 0 ? text : null;
        }
    }
}

/// <summary>
/// What a simulated number may be off by: a measurement lies between the number times <see cref="LowFactor"/> and the number times
/// <see cref="HighFactor"/>.
/// </summary>
public sealed record ErrorBand
{
    /// <summary>Lower end over the number, in (0, 1].</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double LowFactor { get; init; }

    /// <summary>Upper end over the number, at least 1.</summary>
    [Range(1, 1_000_000)]
    public required double HighFactor { get; init; }

    /// <summary>
    /// Why the setting lies outside of what was validated, for example <c>no validation at TP 4 with fp8 on H200-SXM</c>; <c>null</c> where
    /// it lies within.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Extrapolated { get; init; }

    /// <summary>The band of a number that is off by this and, independently, by another error: logarithms add in quadrature.</summary>
    /// <param name="lowFactor">Lower end of the other error over the number, in (0, 1].</param>
    /// <param name="highFactor">Upper end of the other error over the number, at least 1.</param>
    public ErrorBand Combined(double lowFactor, double highFactor) => this with
    {
        LowFactor = Math.Exp(-Hypotenuse(Math.Log(LowFactor), Math.Log(lowFactor))),
        HighFactor = Math.Exp(Hypotenuse(Math.Log(HighFactor), Math.Log(highFactor))),
    };

    /// <summary>The band with three digits after the point; more would pretend to know it.</summary>
    public ErrorBand Rounded() => this with
    {
        LowFactor = Math.Max(0.001, Math.Round(LowFactor, 3)),
        HighFactor = Math.Round(HighFactor, 3),
    };

    private static double Hypotenuse(double one, double other) => Math.Sqrt((one * one) + (other * other));
}
