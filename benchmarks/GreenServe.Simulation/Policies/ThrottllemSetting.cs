using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// throttLL'eM: it projects the batch and the cache of each instance over the iterations to come, admits a request only where all deadlines
/// then hold, and sets the lowest clock at which they do. The number of servers stays as it is.
/// </summary>
public sealed record ThrottllemSetting : PolicyDefinition
{
    /// <summary>The clocks below that of the cluster file to choose from beside it, in megahertz, each from 1 to 10000.</summary>
    /// <value>Default 600 to 1800 in steps of 120.</value>
    public IReadOnlyList<double> GpuClocksMegahertz { get; init; } = [600, 720, 840, 960, 1080, 1200, 1320, 1440, 1560, 1680, 1800];

    /// <summary>Time between decisions about clocks and waiting requests, in seconds, from 0.01 to 60.</summary>
    /// <value>Default 0.5: the paper decides at each change of the batch, and every change stalls an instance here.</value>
    [Range(0.01, 60)]
    public double PeriodSeconds { get; init; } = 0.5;

    /// <summary>Share by which predicted outputs are lengthened, from 0 to 10.</summary>
    /// <value>Default 0.1 (inferred).</value>
    [Range(0, 10)]
    public double PaddingRatio { get; init; } = 0.1;

    /// <summary>Probability that the band of an output is predicted rightly, from 0 to 1.</summary>
    /// <value>Default 1.</value>
    [Range(0, 1)]
    public double PredictorAccuracyProbability { get; init; } = 1;

    /// <inheritdoc />
    public override bool StartsFromOwnTraffic() => true;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        setting.CheckProfiles().Concat(setting.CheckClocks(GpuClocksMegahertz));

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new ThrottllemController(this, setting.Profiles());
}
