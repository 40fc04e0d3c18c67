using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Simulation.Physics;

namespace GreenServe.Search.Advising.Findings;

/// <summary>What a setting comes to when every default is filled in: two settings with equal keys are one way to serve.</summary>
internal sealed record SettingKey
{
    private SettingKey(ServingSetting setting, SimulatedSystem system)
    {
        Model = system.Model.Name;
        Gpu = system.Gpu.Name;
        Engine = system.Engine.Name;
        CachesPrefixes = system.Engine.CachesPrefixes;
        Knobs = new Knobs
        {
            TensorParallelism = system.TensorParallelism,
            PipelineParallelism = system.PipelineParallelism,
            Precision = system.Precision,
            GpuClockMegahertz = Math.Min(setting.Knobs.GpuClockMegahertz ?? double.MaxValue, system.Gpu.Clock.HighestMegahertz),
            PowerCapWatts = Math.Min(setting.Knobs.PowerCapWatts ?? double.MaxValue, system.Gpu.PowerCap.HighestWatts),
            MaxBatch = system.MaxSequences,
            StepTokens = system.StepTokens,
        };
        (Replicas, PrefillReplicas) = (setting.Replicas, setting.PrefillReplicas);
    }

    internal string Model { get; }

    internal string Gpu { get; }

    internal string Engine { get; }

    internal bool CachesPrefixes { get; }

    internal Knobs Knobs { get; }

    internal int Replicas { get; }

    internal int PrefillReplicas { get; }

    internal static SettingKey Of(ServingSetting setting, Func<ServingSetting, SimulatedSystem> systemOf) =>
        new(setting, systemOf(setting));

    /// <summary>The number of the first setting of the grid that comes to the same as each of some settings, where there is one.</summary>
    internal static IReadOnlyDictionary<SettingKey, long> NumbersOf(
        IReadOnlyCollection<SettingKey> keys, SettingSpace space, Func<ServingSetting, SimulatedSystem> systemOf)
    {
        Dictionary<SettingKey, long> numbers = [];
        HashSet<SettingKey> missing = [.. keys];
        for (long number = 0; number < space.Count && missing.Count > 0; number++)
        {
            SettingKey key = Of(space[number], systemOf);
            if (missing.Remove(key))
            {
                numbers[key] = number;
            }
        }

        return numbers;
    }
}
