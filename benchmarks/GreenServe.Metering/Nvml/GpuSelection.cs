using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Metering.Nvml;

/// <summary>Chooses GPUs by index, by UUID or the beginning of one, or in the order of CUDA_VISIBLE_DEVICES.</summary>
internal static class GpuSelection
{
    internal const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    /// <summary>The shortest beginning of a UUID that is looked for: <c>GPU-</c> alone fits every GPU.</summary>
    private const int ShortestUuid = 5;

    /// <summary>Chooses GPUs, in the order chosen.</summary>
    /// <param name="all">Every GPU, in the order of NVML.</param>
    /// <param name="wanted"><c>all</c>, <c>none</c>, <c>cuda</c>, or a list of indices and UUIDs.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="InvalidInputException">A GPU is named that is not there, or twice.</exception>
    internal static IReadOnlyList<GpuDevice> Choose(
        IReadOnlyList<GpuDevice> all, string wanted, Func<string, string?> environment) => wanted switch
        {
            "all" => all,
            "none" => [],
            "cuda" => environment(VisibleDevices) is { } visible ? Visible(all, visible) : all,
            _ => Listed(all, wanted),
        };

    /// <summary>A warning that CUDA may number the GPUs otherwise than NVML; <c>null</c> if both number them alike.</summary>
    internal static string? OrderNote(IReadOnlyList<GpuDevice> all, Func<string, string?> environment)
    {
        bool isMixed = all.Select(gpu => gpu.Model).Distinct().Count() > 1;
        return isMixed && environment("CUDA_DEVICE_ORDER") != "PCI_BUS_ID"
            ? "this host has GPUs of different models, which CUDA numbers by speed and NVML by bus: "
                + "choose them by UUID, or set CUDA_DEVICE_ORDER=PCI_BUS_ID"
            : null;
    }

    /// <summary>The GPUs that CUDA sees: entries count up to the first that is not known, and an empty list means none.</summary>
    private static List<GpuDevice> Visible(IReadOnlyList<GpuDevice> all, string visible)
    {
        List<GpuDevice> chosen = [];
        foreach (string entry in visible.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Find(all, entry) is not { } gpu)
            {
                break;
            }

            if (!chosen.Contains(gpu))
            {
                chosen.Add(gpu);
            }
        }

        return chosen;
    }

    private static List<GpuDevice> Listed(IReadOnlyList<GpuDevice> all, string wanted)
    {
        List<GpuDevice> chosen = [];
        List<Problem> problems = [];
        foreach (string entry in wanted.Split(',', StringSplitOptions.TrimEntries))
        {
            GpuDevice? gpu = Find(all, entry);
            if (gpu is null)
            {
                string there = all.Count == 0
                    ? "there is no NVIDIA GPU"
                    : string.Join(", ", all.Select(device => $"{device.Index} ({device.Uuid ?? "UUID not known"})"));
                problems.Add(new Problem("gpu", entry, $"all, none, cuda, or indices or UUIDs of GPUs that are there: {there}"));
            }
            else if (chosen.Contains(gpu))
            {
                problems.Add(new Problem("gpu", entry, "each GPU once"));
            }
            else
            {
                chosen.Add(gpu);
            }
        }

        return problems.Count == 0 ? chosen : throw new InvalidInputException(problems);
    }

    private static GpuDevice? Find(IReadOnlyList<GpuDevice> all, string entry)
    {
        if (int.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return all.FirstOrDefault(gpu => gpu.Index == index);
        }

        if (entry.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase))
        {
            // Power is measured for the board alone, so an instance stands for the board it is on.
            return all.FirstOrDefault(gpu => gpu.IsDivided && Instances(gpu).Any(uuid => StartsWith(uuid, entry)));
        }

        GpuDevice[] matches = entry.Length >= ShortestUuid ? [.. all.Where(gpu => StartsWith(gpu.Uuid, entry))] : [];
        return matches.Length == 1 ? matches[0] : null;
    }

    private static IReadOnlyList<string> Instances(GpuDevice gpu) => gpu.Nvml.InstanceUuids(gpu.Handle).Value;

    private static bool StartsWith(string? uuid, string entry) =>
        uuid is not null && uuid.StartsWith(entry, StringComparison.OrdinalIgnoreCase);
}
