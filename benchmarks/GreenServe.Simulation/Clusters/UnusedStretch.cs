namespace GreenServe.Simulation.Clusters;

/// <summary>A time in which accelerators of a server were on and no instance used them.</summary>
/// <param name="StartSeconds">Beginning, in seconds from the start of the run.</param>
/// <param name="EndSeconds">End, in seconds from the start of the run.</param>
/// <param name="Watts">Their power together, in watts.</param>
internal readonly record struct UnusedStretch(double StartSeconds, double EndSeconds, double Watts)
{
    /// <summary>Their energy together, in joules.</summary>
    internal double Joules => Watts * (EndSeconds - StartSeconds);

    /// <summary>Adds up stretches that overlap.</summary>
    /// <param name="stretches">The stretches of all servers, in any order.</param>
    /// <param name="endSeconds">End of the run, in seconds from its start.</param>
    /// <returns>Stretches of constant power that cover the run without gaps, in the order of time.</returns>
    internal static IReadOnlyList<UnusedStretch> Sum(IReadOnlyList<UnusedStretch> stretches, double endSeconds)
    {
        SortedDictionary<double, double> changes = new() { [0] = 0 };
        foreach (UnusedStretch stretch in stretches)
        {
            changes[stretch.StartSeconds] = changes.GetValueOrDefault(stretch.StartSeconds) + stretch.Watts;
            changes[stretch.EndSeconds] = changes.GetValueOrDefault(stretch.EndSeconds) - stretch.Watts;
        }

        List<UnusedStretch> sums = [];
        double watts = 0;
        foreach ((double from, double change) in changes.Where(change => change.Key < endSeconds))
        {
            if (sums.Count > 0)
            {
                sums[^1] = sums[^1] with { EndSeconds = from };
            }

            // What is left after the last of several servers has gone is a rounding error.
            watts = Math.Max(0, watts + change);
            sums.Add(new UnusedStretch(from, endSeconds, watts));
        }

        return sums;
    }
}
