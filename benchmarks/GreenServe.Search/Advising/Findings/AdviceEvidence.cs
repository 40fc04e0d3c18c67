using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Simulation.Physics;

namespace GreenServe.Search.Advising.Findings;

/// <summary>What a search simulated, for the findings of an advice.</summary>
/// <remarks>
/// Runs of one seed serve the same requests, whatever the setting. Runs of another length are of another workload, and are compared with
/// each other only.
/// </remarks>
public sealed record AdviceEvidence
{
    /// <summary>The grid.</summary>
    public required SettingSpace Space { get; init; }

    /// <summary>What is to be least.</summary>
    public required AdviceObjective Objective { get; init; }

    /// <summary>What energy and accelerators cost.</summary>
    /// <value>Default: nothing was stated.</value>
    public TokenPrices Prices { get; init; } = new();

    /// <summary>
    /// The runs of every setting that was simulated, by its number in the grid: its longest runs, each with a seed of its own.
    /// </summary>
    public required IReadOnlyDictionary<long, IReadOnlyList<RunMetrics>> Runs { get; init; }

    /// <summary>Numbers of the finalists, which have runs of full length; empty where nothing meets the SLO.</summary>
    public required IReadOnlyList<long> Finalists { get; init; }

    /// <summary>
    /// The default setting for each number of accelerators that is compared, with runs of full length, whether or not the grid holds it.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<SettingRuns> Defaults { get; init; } = [];

    /// <summary>The simulated instance of a setting, for what the simulator may be off by in the ratio of two settings.</summary>
    public required Func<ServingSetting, SimulatedSystem> SystemOf { get; init; }

    /// <summary>Settings that were measured, from the records that the user named.</summary>
    /// <value>Default: none.</value>
    public MeasuredSettings Measured { get; init; } = MeasuredSettings.None;

    /// <summary>
    /// What every setting of the grid has in common, for the words of a setting: a model, an accelerator or an engine that the grid varies
    /// is an empty name here, so that it is named with each setting.
    /// </summary>
    internal ServingSetting Common => common ??= CommonOf(SystemsOf(Space));

    private ServingSetting? common;

    /// <summary>Settings with every combination of model, accelerator and engine of a grid; their knobs do not count.</summary>
    /// <param name="space">The grid.</param>
    public static IReadOnlyList<ServingSetting> SystemsOf(SettingSpace space)
    {
        ServingSetting first = space[0];
        ServingSetting[] along =
        [
            .. from axis in Enumerable.Range(0, space.Axes.Count)
               from place in Enumerable.Range(0, space.Axes[axis].Values.Count)
               select space.At([.. Enumerable.Range(0, space.Axes.Count).Select(other => other == axis ? place : 0)]),
        ];
        return
        [
            .. from model in along.Select(setting => setting.Model).Distinct()
               from gpu in along.Select(setting => setting.Gpu).Distinct()
               from engine in along.Select(setting => setting.Engine).Distinct()
               select first with { Model = model, Gpu = gpu, Engine = engine },
        ];
    }

    private static ServingSetting CommonOf(IReadOnlyList<ServingSetting> systems) => systems[0] with
    {
        Model = systems.All(system => system.Model == systems[0].Model) ? systems[0].Model : "",
        Gpu = systems.All(system => system.Gpu == systems[0].Gpu) ? systems[0].Gpu : "",
        Engine = systems.All(system => system.Engine == systems[0].Engine) ? systems[0].Engine : "",
    };
}

/// <summary>A setting with its runs.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Runs">Its runs, each with a seed of its own, all of one length; at least one.</param>
public sealed record SettingRuns(ServingSetting Setting, IReadOnlyList<RunMetrics> Runs);
