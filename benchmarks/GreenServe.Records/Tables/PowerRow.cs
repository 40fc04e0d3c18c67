using GreenServe.Records.Measurements;

namespace GreenServe.Records.Tables;

/// <summary>A reading that no file holds, as a row of <c>power.csv</c>.</summary>
/// <param name="sample">The reading.</param>
internal sealed class PowerRow(PowerSample sample) : IRecordRow
{
    /// <inheritdoc />
    public string? Text(string column) => column == "meter" ? sample.Meter : null;

    /// <inheritdoc />
    public long? Whole(string column) => null;

    /// <inheritdoc />
    public double? Number(string column) => column switch
    {
        "seconds" => sample.Seconds,
        "watts" => sample.Watts,
        "cumulative_joules" => sample.CumulativeJoules,
        _ => null,
    };
}
