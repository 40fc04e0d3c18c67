using GreenServe.Records.Grids;

namespace GreenServe.Analysis.Pricing;

/// <summary>What the energy and the accelerators of runs are priced by, as the user stated it.</summary>
public sealed record PriceList
{
    /// <summary>What a kilowatt-hour emits and costs; <c>null</c> leaves carbon and electricity out.</summary>
    public GridCourse? Grid { get; init; }

    /// <summary>
    /// Time of day at which runs in virtual time are taken to begin; <c>null</c> where none was stated. A measured run began when its
    /// record says.
    /// </summary>
    public DateTimeOffset? VirtualStart { get; init; }

    /// <summary>Price of an accelerator for an hour; <c>null</c> leaves accelerators out of the cost.</summary>
    public double? GpuHourPrice { get; init; }

    /// <summary>Currency of the prices, for example <c>EUR</c>; <c>null</c> where no price was stated.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether a price of electricity or of accelerators was stated.</summary>
    public bool HasCost => GpuHourPrice is not null || Grid is { HasPrice: true };

    /// <summary>Which grid the numbers come from, what they cover and how they were integrated, in sentences.</summary>
    internal string InWords
    {
        get
        {
            List<string> sentences = [];
            if (Grid is not null)
            {
                string what = Grid.HasPrice ? "Carbon and cost of electricity" : "Carbon";
                string facility = Grid.PowerUsageEffectiveness == 1
                    ? "without the rest of the facility (PUE 1)"
                    : FormattableString.Invariant($"times a PUE of {Grid.PowerUsageEffectiveness}");
                sentences.Add($"{what}: of the joules of the steady window, {facility}; grid: {Grid.Provenance}; " + (Grid.IsConstant
                    ? "one number for all times."
                    : "over time: the energy of each stretch of the signal counts with the values of that stretch."));
            }

            if (VirtualStart is { } start)
            {
                sentences.Add($"Simulated runs are priced as if they began at {UtcTime.Of(start)}.");
            }

            if (GpuHourPrice is { } price)
            {
                sentences.Add(FormattableString.Invariant($"Accelerators that serve cost {price} {Currency} an hour each."));
            }
            else if (Grid is { HasPrice: true })
            {
                sentences.Add("Accelerators are not in the cost.");
            }

            return string.Join(' ', sentences);
        }
    }
}
