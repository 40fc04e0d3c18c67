using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>The axes of a grid: the values that the user states for a knob, or its default values.</summary>
/// <param name="texts">What the user says of the knobs.</param>
/// <param name="problems">Receives every value that a knob cannot have.</param>
internal sealed class SettingAxes(KnobTexts texts, List<Problem> problems)
{
    private const string DefaultMark = " (default)";

    private static readonly int[] Batches = [8, 16, 32, 64, 128, 256, 512];
    private static readonly int[] Chunks = [512, 1024, 2048, 4096, 8192];
    private static readonly int[] Stages = [1, 2, 4];
    private static readonly int[] Degrees = [1, 2, 4, 8, 16, 32, 64];

    internal required IReadOnlyList<ModelDefinition> Models { get; init; }

    internal required IReadOnlyList<GpuDefinition> Gpus { get; init; }

    internal required EngineProfile Engine { get; init; }

    internal required SettingSpaceRequest Request { get; init; }

    internal required IReadOnlyList<string> ModelNames { get; init; }

    internal required IReadOnlyList<string> GpuNames { get; init; }

    /// <summary>Every axis, in the order of <see cref="KnobNames.All"/>.</summary>
    internal IEnumerable<SettingAxis> All()
    {
        yield return Named(KnobNames.Model, ModelNames, (setting, name) => setting with { Model = name });
        yield return Named(KnobNames.Gpu, GpuNames, (setting, name) => setting with { Gpu = name });
        yield return Precisions();
        yield return Whole(Knob(KnobNames.TensorParallelism, 1, 64) with
        {
            Defaults = [.. Degrees.Where(degree => degree <= Request.GpuLimit && Models.Any(model => Divides(model, degree)))],
            OwnDefault = 1,
            Apply = (setting, value) => setting with { Knobs = setting.Knobs with { TensorParallelism = value } },
        });
        yield return Whole(Knob(KnobNames.PipelineParallelism, 1, 64) with
        {
            Defaults = [.. Stages.Where(stages => stages <= Request.GpuLimit && Models.Any(model => stages <= model.Layers))],
            OwnDefault = 1,
            IsHighestLimit = Request.GpuLimit < 8,
            Apply = (setting, value) => setting with { Knobs = setting.Knobs with { PipelineParallelism = value } },
        });
        yield return Whole(Knob(KnobNames.Replicas, 1, 10_000) with
        {
            Defaults = [.. Counts(Request.GpuLimit)],
            Apply = (setting, value) => setting with { Replicas = value!.Value },
        });
        yield return Whole(Knob(KnobNames.PrefillReplicas, 0, 10_000) with
        {
            Defaults = [0, .. Counts(Request.GpuLimit - 1)],
            Apply = (setting, value) => setting with { PrefillReplicas = value!.Value },
        });
        yield return Prefixes();
        foreach (SettingAxis axis in DeviceAxes())
        {
            yield return axis;
        }

        foreach (SettingAxis axis in BatchAxes())
        {
            yield return axis;
        }
    }

    private IEnumerable<SettingAxis> DeviceAxes()
    {
        DeviceKnob clock = new(
            KnobNames.GpuClock,
            "MHz",
            gpu => (gpu.Clock.LowestMegahertz, gpu.Clock.HighestMegahertz, gpu.Clock.StepMegahertz),
            (setting, value) => setting with { Knobs = setting.Knobs with { GpuClockMegahertz = value } });
        DeviceKnob cap = new(
            KnobNames.PowerCap,
            "W",
            gpu => (gpu.PowerCap.LowestWatts, gpu.PowerCap.HighestWatts, 5),
            (setting, value) => setting with { Knobs = setting.Knobs with { PowerCapWatts = value } });
        yield return new DeviceAxis(clock, Gpus, GpuNames, steps: 12).Of(texts, problems);
        yield return new DeviceAxis(cap, Gpus, GpuNames, steps: 5).Of(texts, problems);
    }

    private IEnumerable<SettingAxis> BatchAxes()
    {
        int[] batches = [.. Gpus.Select(gpu => Engine.On(gpu.Name).MaxSequences).Distinct()];
        int[] chunks = [.. Gpus.Select(gpu => Engine.On(gpu.Name)).Select(own => Math.Max(own.StepTokens, own.MaxSequences)).Distinct()];
        yield return Whole(Knob(KnobNames.MaxBatch, 1, 65_536) with
        {
            Defaults = Batches,
            OwnDefault = batches.Length == 1 ? batches[0] : null,
            HasOwnDefault = true,
            IsLowestLimit = false,
            IsHighestLimit = false,
            Apply = (setting, value) => setting with { Knobs = setting.Knobs with { MaxBatch = value } },
        });
        yield return Whole(Knob(KnobNames.StepTokens, 1, 1_048_576) with
        {
            Defaults = Chunks,
            OwnDefault = chunks.Length == 1 ? chunks[0] : null,
            HasOwnDefault = true,
            IsLowestLimit = false,
            IsHighestLimit = false,
            Apply = (setting, value) => setting with { Knobs = setting.Knobs with { StepTokens = value } },
        });
    }

    private static SettingAxis Named(string name, IReadOnlyList<string> values, Func<ServingSetting, string, ServingSetting> apply) => new(
        name, [.. values.Distinct().Select(value => new SettingValue(value, setting => apply(setting, value)))])
    {
        IsOrdered = false,
    };

    private SettingAxis Precisions()
    {
        Precision[] rated = [.. Enum.GetValues<Precision>().Where(precision => Gpus.Any(gpu => WeightFormat.IsRated(gpu, precision)))];
        string allowed = $"{string.Join(", ", rated.Select(EnumText.Of))}: {string.Join(", ", Gpus.Select(gpu => gpu.Name))} "
            + "is rated for no other";
        List<Precision> chosen = [];
        foreach (string value in texts.ValuesOf(KnobNames.Precision) ?? [])
        {
            bool isKnown = EnumText.TryParse(value, out Precision precision) || value == KnobTexts.Default;
            AddProblemIf(!isKnown || !rated.Contains(precision), KnobNames.Precision, value, $"one of {allowed}");
            chosen.Add(precision);
        }

        // 32-bit weights are no setting that saves energy, and 4-bit floats save only on units made for them.
        IEnumerable<Precision> values = texts.ValuesOf(KnobNames.Precision) is not null ? chosen
            : texts.IsFixed(KnobNames.Precision) ? [Precision.Bf16]
            : rated.Where(precision => precision != Precision.Fp32 && (precision != Precision.Fp4 || Gpus.Any(gpu => gpu.Fp4 is not null)));
        return new SettingAxis(KnobNames.Precision, [.. values.Distinct().Select(precision => new SettingValue(
            EnumText.Of(precision),
            setting => setting with { Knobs = setting.Knobs with { Precision = precision == Precision.Bf16 ? null : precision } }))])
        {
            IsOrdered = false,
        };
    }

    private SettingAxis Prefixes()
    {
        bool own = Engine.CachesPrefixes;
        List<bool> chosen = [];
        foreach (string value in texts.ValuesOf(KnobNames.CachesPrefixes) ?? [])
        {
            AddProblemIf(value is not ("yes" or "no" or KnobTexts.Default), KnobNames.CachesPrefixes, value, "yes or no");
            chosen.Add(value == KnobTexts.Default ? own : value == "yes");
        }

        bool isVaried = texts.IsNamed(KnobNames.CachesPrefixes) || (Request.SharesPrefixes && !texts.IsFixed(KnobNames.CachesPrefixes));
        IEnumerable<bool> values = texts.ValuesOf(KnobNames.CachesPrefixes) is not null ? chosen : isVaried ? [false, true] : [own];
        return new SettingAxis(KnobNames.CachesPrefixes, [.. values.Distinct().Order().Select(caches => new SettingValue(
            (caches ? "yes" : "no") + (caches == own ? DefaultMark : ""),
            setting => setting with { CachesPrefixes = caches == own ? null : caches }))])
        {
            IsOrdered = false,
        };
    }

    /// <summary>An axis of whole numbers. The number that is the default of the engine is left to the engine.</summary>
    private SettingAxis Whole(WholeKnob knob)
    {
        IReadOnlyList<string>? stated = texts.ValuesOf(knob.Name);
        List<int?> values = [];
        foreach (string text in stated ?? [])
        {
            bool isWhole = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                && value >= knob.Lowest && value <= knob.Highest;
            bool isDefault = text == KnobTexts.Default && (knob.OwnDefault is not null || knob.HasOwnDefault);
            AddProblemIf(!isWhole && !isDefault, knob.Name, text, $"a whole number in [{knob.Lowest}, {knob.Highest}]");
            values.Add(isDefault ? knob.OwnDefault : value);
        }

        if (stated is null)
        {
            int? first = knob.HasOwnDefault || knob.OwnDefault is not null ? knob.OwnDefault : knob.Defaults[0];
            values.AddRange(texts.IsFixed(knob.Name) ? [] : knob.Defaults.Select(value => (int?)value));
            values.AddRange(knob.HasOwnDefault || values.Count == 0 ? [first] : []);
        }

        return new SettingAxis(knob.Name, [.. values.Distinct().OrderBy(value => value ?? int.MaxValue).Select(value => new SettingValue(
            value is null ? KnobTexts.Default : $"{value}{(knob.HasOwnDefault && value == knob.OwnDefault ? DefaultMark : "")}",
            setting => knob.Apply(setting, value == knob.OwnDefault ? null : value)))])
        {
            IsLowestLimit = stated is not null || knob.IsLowestLimit,
            IsHighestLimit = stated is not null || knob.IsHighestLimit,
        };
    }

    private static WholeKnob Knob(string name, int lowest, int highest) => new(name, lowest, highest);

    private static bool Divides(ModelDefinition model, int degree) => model.Heads % degree == 0
        && (model.KeyValueHeads % degree == 0 || degree % model.KeyValueHeads == 0);

    /// <summary>1, 2, 3, 4, 6, 8, 12, 16 and so on, and the limit itself; all numbers up to 8.</summary>
    private static IEnumerable<int> Counts(int limit) => Enumerable.Range(1, Math.Max(0, limit))
        .Where(count => count <= 8 || count == limit || int.PopCount(count) == 1 || (count % 3 == 0 && int.PopCount(count / 3) == 1));

    private void AddProblemIf(bool isProblem, string name, string value, string allowed)
    {
        if (isProblem)
        {
            problems.Add(new Problem($"{KnobTexts.Place} {name}", $"'{value}'", allowed));
        }
    }

    /// <summary>A knob whose values are whole numbers.</summary>
    private sealed record WholeKnob(string Name, int Lowest, int Highest)
    {
        internal int[] Defaults { get; init; } = [];

        /// <summary>
        /// What the engine does by itself; <c>null</c> where that differs between accelerators, or where the knob has none.
        /// </summary>
        internal int? OwnDefault { get; init; }

        /// <summary>Whether the engine has a default that is tried too.</summary>
        internal bool HasOwnDefault { get; init; }

        internal bool IsLowestLimit { get; init; } = true;

        internal bool IsHighestLimit { get; init; } = true;

        internal Func<ServingSetting, int?, ServingSetting> Apply { get; init; } = (setting, _) => setting;
    }
}
