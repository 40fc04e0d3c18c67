using GreenServe.Metering.DeviceSettings;
using GreenServe.Metering.Hwmon;
using GreenServe.Metering.Models;
using GreenServe.Metering.Nvml;
using GreenServe.Metering.Rapl;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Discovery;

/// <summary>Puts a catalog together from what the machine offers and what was asked for.</summary>
internal static class MeterDiscovery
{
    /// <summary>Looks for every meter that the options allow.</summary>
    /// <param name="options">Which meters to use.</param>
    /// <param name="machine">The machine to look at.</param>
    internal static MeterCatalog Run(MeterOptions options, MachineAccess machine)
    {
        RequireEachPageOnce(options);
        Found found = new();
        try
        {
            if (options.UsesThisMachine)
            {
                AddGpus(options, machine, found);
                AddProcessors(machine, found);
            }

            AddModels(options, machine, found);
            foreach (Uri remote in options.Remotes)
            {
                string? token = machine.Environment(RemoteProtocol.TokenVariable);
                found.Sources.Add(RemoteMeterSource.Connect(remote, machine.Http(), token, machine.Clock));
            }

            // A GPU is one device, however many pages show it and whatever their hosts are called.
            Dictionary<string, string> known = found.LocalDevices;
            foreach (IGrouping<Uri, PrometheusTarget> address in options.Prometheus.GroupBy(target => target.Address))
            {
                bool isAlone = options.Prometheus.All(
                    target => target.Address == address.Key || target.Address.Host != address.Key.Host);
                string name = isAlone ? address.Key.Host : address.Key.Authority;
                PrometheusSource source = PrometheusSource.Connect(address.Key, [.. address], machine.Http(), known, name);
                found.Sources.Add(source);
                foreach ((string uuid, string device) in source.DevicesByUuid)
                {
                    known.TryAdd(uuid, device);
                }
            }

            return new MeterCatalog(
                [.. found.Sources.Where(source => Keeps(options, source, found)).Select(source => Narrowed(options, source))],
                [.. found.NotMeasured.Where(meter => options.Scopes?.Contains(meter.Scope) ?? true)],
                found.Gpus,
                found.Owned)
            {
                Clock = machine.Clock,
                Notices = [.. found.Notices, .. DeviceKnobs.RestoreLeftovers(found.AllGpus, machine.KnobFolder)],
            };
        }
        catch
        {
            found.Dispose();
            throw;
        }
    }

    /// <summary>A page under two names would count every device without a UUID twice.</summary>
    /// <exception cref="InvalidInputException">Every page that is given under a further name.</exception>
    private static void RequireEachPageOnce(MeterOptions options)
    {
        Uri[] addresses = [.. options.Remotes, .. options.Prometheus.Select(target => target.Address).Distinct()];
        List<Problem> problems = [];
        foreach (IGrouping<string, Uri> path in addresses.GroupBy(address => address.PathAndQuery).Where(group => group.Count() > 1))
        {
            (Uri Address, IReadOnlySet<string> Sockets)[] pages = [.. path.Select(address => (address, HostSockets.Of(address)))];
            problems.AddRange(pages.Index().SelectMany(page => pages.Take(page.Index)
                .Where(before => before.Sockets.Overlaps(page.Item.Sockets)).Take(1)
                .Select(before => new Problem(
                    "meters",
                    $"{HttpAddress.Shown(page.Item.Address)} beside {HttpAddress.Shown(before.Address)}, which leads to the same host",
                    "each page once"))));
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static void AddGpus(MeterOptions options, MachineAccess machine, Found found)
    {
        if (options.Gpus == "none")
        {
            return;
        }

        INvml nvml = machine.OpenNvml();
        found.Owned.Add(nvml);
        (IReadOnlyList<GpuDevice> all, IReadOnlyList<MeterDescription> missing) = NvmlMeters.FindGpus(nvml);
        found.NotMeasured.AddRange(missing);
        found.AllGpus.AddRange(all);
        IReadOnlyList<GpuDevice> chosen = GpuSelection.Choose(all, options.Gpus, machine.Environment);
        found.Gpus.AddRange(chosen.Take(options.GpuLimit ?? chosen.Count));
        string? orderNote = options.Gpus is "all" ? null : GpuSelection.OrderNote(all, machine.Environment);
        foreach (GpuDevice gpu in found.Gpus)
        {
            (IReadOnlyList<IMeterSource> sources, IReadOnlyList<MeterDescription> notOffered) =
                NvmlMeters.SourcesOf(gpu, options.WithPowerSamples, machine.Clock);
            found.Sources.AddRange(options.WithDeviceState ? sources : sources.Where(source => source is not NvmlStateSource));
            found.NotMeasured.AddRange(notOffered.Select(meter => orderNote is null ? meter : meter with { Note = orderNote }));
        }
    }

    private static void AddProcessors(MachineAccess machine, Found found)
    {
        (RaplSource? powercap, IReadOnlyList<MeterDescription> closed) = RaplSource.Open(machine.Files);
        if (powercap is not null)
        {
            found.Sources.Add(powercap);
            found.NotMeasured.AddRange(closed);
        }
        else
        {
            (PerfRaplSource? perf, string? perfReason) = PerfRaplSource.Open(machine.Files, machine.PerfEvents);
            if (perf is not null)
            {
                found.Sources.Add(perf);
            }

            // What perf counts after all is not missing.
            found.NotMeasured.AddRange(closed
                .Where(meter => perf is null || perf.Meters.All(read => read.Name != meter.Name))
                .Select(meter => perf is null
                    ? meter with { NotMeasured = $"{meter.NotMeasured}; through perf events: {perfReason}" }
                    : meter));
        }

        (IReadOnlyList<IMeterSource> chips, IReadOnlyList<MeterDescription> notRead) = HwmonChips.Open(machine.Files);
        bool hasRapl = found.Sources.Exists(source => source is RaplSource or PerfRaplSource);
        foreach (IMeterSource chip in chips)
        {
            // AMD's chip driver shows the registers that RAPL shows too; counted twice they would double the joules.
            if (hasRapl && chip.Meters.All(meter => meter.Scope is MeterScope.CpuPackage or MeterScope.CpuCore))
            {
                found.NotMeasured.AddRange(chip.Meters.Select(meter => meter with { NotMeasured = "repeats the RAPL counters" }));
                chip.Dispose();
            }
            else
            {
                found.Sources.Add(chip);
            }
        }

        found.NotMeasured.AddRange(notRead);
    }

    /// <summary>
    /// Adds the models that were asked for. They are read beside the meters, because a meter may fail on the way; they count only where no
    /// meter has a number.
    /// </summary>
    private static void AddModels(MeterOptions options, MachineAccess machine, Found found)
    {
        foreach (UtilizationPowerModel model in options.Models)
        {
            if (model.Scope == MeterScope.CpuPackage)
            {
                found.Sources.Add(PowerModelSource.OfProcessor(model, machine.Files));
            }
            else if (found.Gpus.Count > 0)
            {
                found.Sources.AddRange(found.Gpus.Select(gpu => PowerModelSource.OfGpu(model, gpu)));
            }
            else
            {
                found.Notices.Add("the power model of the GPUs is not used: there is no GPU here whose driver tells its utilisation");
            }
        }
    }

    private static IMeterSource Narrowed(MeterOptions options, IMeterSource source) =>
        options.Scopes is { } scopes && source.Meters.Any(meter => !scopes.Contains(meter.Scope))
            ? new SelectedMeters(source, scopes)
            : source;

    /// <summary>Whether a source has a meter of a scope that is measured. A source that has none is disposed with the catalog.</summary>
    private static bool Keeps(MeterOptions options, IMeterSource source, Found found)
    {
        bool keeps = options.Scopes is not { } scopes
            || source.Meters.Count == 0
            || source.Meters.Any(meter => scopes.Contains(meter.Scope));
        if (!keeps)
        {
            found.Owned.Add(source);
        }

        return keeps;
    }

    /// <summary>The meters and notices that discovery has collected so far.</summary>
    private sealed class Found : IDisposable
    {
        internal List<IMeterSource> Sources { get; } = [];

        internal List<MeterDescription> NotMeasured { get; } = [];

        internal List<GpuDevice> AllGpus { get; } = [];

        internal List<GpuDevice> Gpus { get; } = [];

        /// <summary>The names of the GPUs that are measured here, by UUID.</summary>
        internal Dictionary<string, string> LocalDevices => Gpus.Where(gpu => gpu.Uuid is not null)
            .DistinctBy(gpu => gpu.Uuid).ToDictionary(gpu => gpu.Uuid!, gpu => gpu.Description);

        internal List<IDisposable> Owned { get; } = [];

        internal List<string> Notices { get; } = [];

        public void Dispose()
        {
            Sources.ForEach(source => source.Dispose());
            Owned.ForEach(item => item.Dispose());
        }
    }
}
