using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Physics;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>The settings of a grid that can exist, found without simulating any.</summary>
public sealed class PossibleSettings
{
    private readonly SettingTrials trials;
    private readonly int gpuLimit;
    private readonly List<long> numbers = [];
    private readonly Dictionary<string, long> refused = new(StringComparer.Ordinal);
    private readonly Dictionary<ServingSetting, string?> reasons = [];
    private (double Bytes, string Reason)? nearest;

    private PossibleSettings(SettingTrials trials, int gpuLimit)
    {
        this.trials = trials;
        this.gpuLimit = gpuLimit;
    }

    /// <summary>Numbers of the settings that can exist, in rising order.</summary>
    public IReadOnlyList<long> Numbers => numbers;

    /// <summary>Why the other settings cannot exist, the most frequent reason first.</summary>
    public IReadOnlyList<RefusedSettings> Refused =>
    [
        .. refused.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new RefusedSettings(pair.Key, pair.Value)),
    ];

    /// <summary>Looks at every setting of a grid.</summary>
    /// <param name="space">The grid.</param>
    /// <param name="trials">Knows the simulated instance of a setting, and the requests that it must hold.</param>
    /// <param name="gpuLimit">The largest number of accelerators that a setting may use.</param>
    /// <exception cref="InvalidInputException">
    /// No setting can exist. The exception says by how much the one that comes nearest does not fit.
    /// </exception>
    public static PossibleSettings Of(SettingSpace space, SettingTrials trials, int gpuLimit)
    {
        PossibleSettings possible = new(trials, gpuLimit);
        for (long number = 0; number < space.Count; number++)
        {
            ServingSetting setting = space[number];
            if (possible.ReasonOf(setting) is { } reason)
            {
                possible.refused[reason] = possible.refused.GetValueOrDefault(reason) + 1;
            }
            else
            {
                possible.numbers.Add(number);
            }
        }

        return possible.numbers.Count > 0 ? possible : throw new InvalidInputException(possible.NothingFits());
    }

    private string? ReasonOf(ServingSetting setting)
    {
        if (setting.Gpus > gpuLimit)
        {
            return FormattableString.Invariant($"more than {gpuLimit} {(gpuLimit == 1 ? "GPU" : "GPUs")}");
        }

        ServingSetting instance = setting with { Replicas = 1, PrefillReplicas = 0 };
        if (!reasons.TryGetValue(instance, out string? reason))
        {
            reason = ReasonOfInstance(instance);
            reasons[instance] = reason;
        }

        return reason;
    }

    private string? ReasonOfInstance(ServingSetting setting)
    {
        SimulatedSystem system = trials.SystemOf(setting);
        if (trials.CheckSystem(setting) is not [{ } problem, ..])
        {
            return LengthReason(setting, system);
        }

        if (problem.Place != "model")
        {
            string name = problem.Place[(problem.Place.LastIndexOf('.') + 1)..];
            return FormattableString.Invariant($"{name} {problem.Found}: it must be {problem.Allowed}");
        }

        string reason = FormattableString.Invariant(
            $"{system.Model.Name} lacks {system.LackingBytes / 1e9:F1} GB of memory on each of {system.Gpus} x {system.Gpu.Name} in ")
            + Records.Documents.EnumText.Of(system.Precision);
        nearest = nearest is { } known && known.Bytes <= system.LackingBytes ? known : (system.LackingBytes, reason);
        return reason;
    }

    private string? LengthReason(ServingSetting setting, SimulatedSystem system)
    {
        Problem? problem = trials.CheckLengths(setting).FirstOrDefault();
        return problem is null ? null : FormattableString.Invariant(
            $"requests too long for {system.Gpus} x {system.Gpu.Name} in {Records.Documents.EnumText.Of(system.Precision)}: ")
            + problem.Allowed;
    }

    private Problem NothingFits() => new(
        "setting",
        nearest is { } model
            ? $"no setting that can exist; the nearest: {model.Reason}"
            : $"no setting that can exist; the most frequent reason: {Refused[0].Reason}",
        "more or larger accelerators, a smaller model or number format, or other values of the knobs");
}
