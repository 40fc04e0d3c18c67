using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Advising;

/// <summary>The words for a setting, in one line. Names in it are as the user wrote them; the text is not escaped.</summary>
public static class SettingText
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["gpu_clock_megahertz"] = "GPU clock",
        ["power_cap_watts"] = "power cap",
        ["max_batch"] = "batch limit",
        ["step_tokens"] = "chunk size",
        ["replicas"] = "number of instances",
        ["prefill_replicas"] = "split of prefill and decode",
        ["caches_prefixes"] = "prefix caching",
        ["precision"] = "number format",
        ["gpu"] = "GPU",
    };

    /// <summary>
    /// The setting in words, for example <c>2 x TP 4, 1410 MHz, 500 W, batch 64, chunk 2048, fp8</c>. A knob that has the default of the
    /// device or the engine is left out.
    /// </summary>
    /// <param name="setting">The setting.</param>
    /// <param name="known">
    /// A setting whose model, accelerator and engine the reader knows: they are named only where this setting has others. <c>null</c>
    /// leaves them out.
    /// </param>
    public static string InWords(ServingSetting setting, ServingSetting? known = null) =>
        string.Join(", ", OthersThan(known, setting).Concat([InstancesOf(setting)]).Concat(ChangesOf(setting)));

    /// <summary>
    /// Number of knobs that someone has to set: those that do not have the default of the device or the engine, and the split of prefill
    /// and decode. Tensor parallelism and the number of instances do not count.
    /// </summary>
    /// <param name="setting">The setting.</param>
    public static int ChangedKnobs(ServingSetting setting) =>
        ChangesOf(setting).Count() + (setting.PrefillReplicas > 0 ? 1 : 0) + (setting.Knobs.PipelineParallelism > 1 ? 1 : 0);

    /// <summary>The name of a knob in words, for example <c>GPU clock</c> for <c>gpu_clock_megahertz</c>.</summary>
    /// <param name="axis">Name of the knob. One that is not known stands as it is, with spaces.</param>
    public static string NameOf(string axis) => Names.GetValueOrDefault(axis) ?? axis.Replace('_', ' ');

    private static IEnumerable<string> OthersThan(ServingSetting? known, ServingSetting setting)
    {
        if (known is null)
        {
            yield break;
        }

        if (setting.Model != known.Model)
        {
            yield return setting.Model;
        }

        if (setting.Gpu != known.Gpu)
        {
            yield return setting.Gpu;
        }

        if (setting.Engine != known.Engine)
        {
            yield return setting.Engine;
        }
    }

    private static string InstancesOf(ServingSetting setting)
    {
        string stages = setting.Knobs.PipelineParallelism is > 1 and var count ? $" PP {Number(count)}" : "";
        string instance = $"TP {Number(setting.Knobs.TensorParallelism ?? 1)}{stages}";
        return setting.PrefillReplicas > 0
            ? $"{Number(setting.PrefillReplicas)} prefill and {Number(setting.Replicas)} decode x {instance}"
            : $"{Number(setting.Replicas)} x {instance}";
    }

    private static IEnumerable<string> ChangesOf(ServingSetting setting)
    {
        Knobs knobs = setting.Knobs;
        if (knobs.GpuClockMegahertz is { } clock)
        {
            yield return $"{Number(clock)} MHz";
        }

        if (knobs.PowerCapWatts is { } cap)
        {
            yield return $"{Number(cap)} W";
        }

        if (knobs.MaxBatch is { } batch)
        {
            yield return $"batch {Number(batch)}";
        }

        if (knobs.StepTokens is { } tokens)
        {
            yield return $"chunk {Number(tokens)}";
        }

        if (knobs.Precision is { } precision and not Precision.Bf16)
        {
            yield return EnumText.Of(precision);
        }

        if (setting.CachesPrefixes is { } caches)
        {
            yield return caches ? "prefix caching" : "no prefix caching";
        }
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
