using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Physics;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>The settings of a grid that can exist, found without simulating any.</summary>
public sealed class PossibleSettings
{
    private readonly SettingSpace space;
    private readonly SettingTrials trials;
    private readonly int gpuLimit;
    private readonly int sizingAxes;
    private readonly List<long> numbers = [];
    private readonly Dictionary<string, long> refused = new(StringComparer.Ordinal);
    private readonly Dictionary<ServingSetting, string?> reasons = [];
    private (double Bytes, string Reason)? nearest;

    private PossibleSettings(SettingSpace space, SettingTrials trials, int gpuLimit)
    {
        this.space = space;
        this.trials = trials;
        this.gpuLimit = gpuLimit;
        sizingAxes = space.Axes.Index().Where(axis => KnobNames.Sizing.Contains(axis.Item.Name)).Select(axis => axis.Index + 1)
            .DefaultIfEmpty().Max();
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
        PossibleSettings possible = new(space, trials, gpuLimit);
        possible.LookAt(space.Start, axis: 0, number: 0, settings: space.Count);
        return possible.numbers.Count > 0 ? possible : throw new InvalidInputException(possible.NothingFits());
    }

    /// <summary>
    /// Looks at all settings with the given values on the axes before one. Where the values that decide about accelerators and memory make
    /// a setting impossible, the other axes cannot help, and all its settings are counted at once.
    /// </summary>
    /// <param name="setting">The setting so far.</param>
    /// <param name="axis">The next axis.</param>
    /// <param name="number">Number of the first of the settings.</param>
    /// <param name="settings">How many there are.</param>
    private void LookAt(ServingSetting setting, int axis, long number, long settings)
    {
        bool isLast = axis == space.Axes.Count;
        if ((axis == sizingAxes || isLast) && ReasonOf(setting) is { } reason)
        {
            refused[reason] = refused.GetValueOrDefault(reason) + settings;
            return;
        }

        if (isLast)
        {
            numbers.Add(number);
            return;
        }

        IReadOnlyList<SettingValue> values = space.Axes[axis].Values;
        long each = settings / values.Count;
        for (int place = 0; place < values.Count; place++)
        {
            LookAt(values[place].Apply(setting), axis + 1, number + (place * each), each);
        }
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
            + EnumText.Of(system.Precision);
        nearest = nearest is { } known && known.Bytes <= system.LackingBytes ? known : (system.LackingBytes, reason);
        return reason;
    }

    private string? LengthReason(ServingSetting setting, SimulatedSystem system)
    {
        return trials.CheckLengths(setting) is [{ } problem, ..]
            ? FormattableString.Invariant($"requests too long for {system.Gpus} x {system.Gpu.Name} in ")
                + $"{EnumText.Of(system.Precision)}: {problem.Allowed}"
            : null;
    }

    private Problem NothingFits() => new(
        "setting",
        nearest is { } model
            ? $"no setting that can exist; the nearest: {model.Reason}"
            : $"no setting that can exist; the most frequent reason: {Refused[0].Reason}",
        "more or larger accelerators, a smaller model or number format, or other values of the knobs");
}
