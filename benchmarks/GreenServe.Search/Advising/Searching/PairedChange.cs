namespace GreenServe.Search.Advising.Searching;

/// <summary>How the scores of settings change with more requests: by a factor that is common to all, and by a spread around it.</summary>
/// <param name="RatioFactor">Mean factor of the largest latency over its limit.</param>
/// <param name="ObjectiveSpread">Standard deviation of the logarithm of the factor of the objective.</param>
/// <param name="RatioSpread">Standard deviation of the logarithm of the factor of the largest latency over its limit.</param>
internal sealed record PairedChange(double RatioFactor, double ObjectiveSpread, double RatioSpread)
{
    /// <summary>Standard deviations within which a setting may still be the best: about 97.5 % of one side.</summary>
    private const double Deviations = 2;

    /// <summary>Pairs with fewer members say too little of a spread.</summary>
    private const int MinPairs = 3;

    /// <summary>Standard deviation of the logarithm that is assumed where there are too few pairs: about 10 %.</summary>
    private const double AssumedSpread = 0.1;

    /// <summary>The change from shorter simulations to longer ones.</summary>
    /// <param name="shorter">The shorter simulations.</param>
    /// <param name="longerOf">The longer simulation of the same setting; <c>null</c> where there is none.</param>
    internal static PairedChange Of(IReadOnlyList<SettingTrial> shorter, Func<SettingTrial, SettingTrial?> longerOf)
    {
        (SettingScore From, SettingScore To)[] pairs =
        [
            .. shorter.Select(trial => (From: trial.Score, To: longerOf(trial)?.Score)).Where(pair => pair.To is not null)
                .Select(pair => (pair.From, pair.To!.Value)),
        ];
        (_, double objective) = Moments([.. pairs.Select(pair => Math.Log(pair.To.Objective / pair.From.Objective))]);
        (double shift, double ratio) = Moments([.. pairs.Select(pair => Math.Log(pair.To.WorstRatio / pair.From.WorstRatio))]);
        return new PairedChange(Math.Exp(shift), objective, ratio);
    }

    /// <summary>The settings that may be the best with more requests, in their order.</summary>
    /// <param name="trials">The shorter simulations, the best first.</param>
    internal IEnumerable<SettingTrial> MayBeBest(IReadOnlyList<SettingTrial> trials)
    {
        double[] surely = [.. trials.Where(trial => trial.Score.WorstRatio * RatioFactor <= 1).Select(trial => trial.Score.Objective)];
        double least = surely.Length > 0 ? surely.Min() : double.PositiveInfinity;
        double objectiveFactor = Math.Exp(-Deviations * Math.Sqrt(2) * ObjectiveSpread);
        double ratioFactor = RatioFactor * Math.Exp(-Deviations * RatioSpread);
        SettingTrial[] hopeful =
        [
            .. trials.Where(trial => trial.Score.WorstRatio * ratioFactor <= 1 && trial.Score.Objective * objectiveFactor <= least)
                .OrderBy(trial => trial.Score.Objective),
        ];
        return hopeful.Concat(trials).Distinct();
    }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length < MinPairs)
        {
            return (0, AssumedSpread);
        }

        double mean = finite.Average();
        return (mean, Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / (finite.Length - 1)));
    }
}
