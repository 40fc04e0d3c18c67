using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// The host to which fitted constants belong. Runs on other hosts are scaled from it, so that records of several hosts can be fitted
/// together.
/// </summary>
internal static class CalibrationHost
{
    /// <summary>
    /// The host of the fit: each figure is the median of the records that state it, so that one probe with a busy neighbour does not count.
    /// </summary>
    /// <returns>The host; <c>null</c> where no record says how fast its was.</returns>
    internal static HostSpeed? Of(IEnumerable<RunRecord> records)
    {
        HostSpeed[] known = [.. records.Select(record => record.Manifest.Environment.HostSpeed).OfType<HostSpeed>()
            .Where(host => host.IsKnown())];
        HostSpeed[] alike = [.. known.Where(host => host.ProbeVersion == known[0].ProbeVersion)];
        double? Median(Func<HostSpeed, double?> figure)
        {
            double[] sorted = [.. alike.Select(figure).OfType<double>().Order()];
            return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
        }

        return alike.Length == 0 ? null : new HostSpeed
        {
            ProbeVersion = alike[0].ProbeVersion,
            LaunchSeconds = Median(host => host.LaunchSeconds),
            LaunchGpu = alike.Select(host => host.LaunchGpu).FirstOrDefault(gpu => gpu is not null),
            SingleThreadOperationsPerSecond = Median(host => host.SingleThreadOperationsPerSecond),
            MemoryBytesPerSecond = Median(host => host.MemoryBytesPerSecond),
            SingleThreadMemoryBytesPerSecond = Median(host => host.SingleThreadMemoryBytesPerSecond),
        };
    }

    /// <summary>A system whose engine profile holds what it costs on the host of the fit. Its own host stays that of its run.</summary>
    /// <param name="system">The system of a run, with the host of the run.</param>
    /// <param name="reference">The host of the fit; <c>null</c> where no run says how fast its host was.</param>
    internal static SimulatedSystem FittedOn(SimulatedSystem system, HostSpeed? reference)
    {
        EngineProfile there = (system with { Host = reference }).EngineHere;
        return system with { Engine = there with { FittedHost = reference } };
    }

    /// <summary>What a reader of a calibration must know of the hosts of its runs, one sentence each.</summary>
    /// <param name="systems">The systems of the runs, fitted on one host.</param>
    internal static IEnumerable<string> Notes(IReadOnlyList<SimulatedSystem> systems)
    {
        if (systems.All(system => system.Engine.FittedHost is null))
        {
            return systems.Count == 0 ? [] : ["no record says how fast its host was, so that the profile does not say it either"];
        }

        HostScaling[] scaled = [.. systems.Select(system => system.HostScaling).OfType<HostScaling>().Where(host => host.IsScaled)];
        int unknown = systems.Count(system => system.Host?.IsKnown() != true);
        string[] notes =
        [
            .. scaled.Select(host => host.Sentence).Distinct().Select(sentence =>
                $"{scaled.Count(host => host.Sentence == sentence)} of {systems.Count} records are of another host: {sentence}"),
        ];
        string silent = $"{unknown} of {systems.Count} records do not say how fast their host was, and count as of the host of the others";
        return unknown == 0 ? notes : [.. notes, silent];
    }
}
