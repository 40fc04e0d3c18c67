using System.Globalization;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Control;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>An instance of a setting, with its place on a host.</summary>
/// <param name="Number">Number of the instance, from 0.</param>
/// <param name="Role">What it does with a request.</param>
/// <param name="FirstGpu">Number of its first accelerator on the host.</param>
/// <param name="Gpus">Accelerators that it uses.</param>
internal sealed record InstancePlace(int Number, ReplicaRole Role, int FirstGpu, int Gpus)
{
    private const int FirstPort = 8000;

    /// <summary>The port that it listens on.</summary>
    internal int Port => FirstPort + Number;

    /// <summary>The numbers of its accelerators, for example <c>0,1</c>.</summary>
    internal string GpuList => ListOf(FirstGpu, Gpus);

    /// <summary>Numbers of accelerators that follow each other, for example <c>0,1</c>.</summary>
    internal static string ListOf(int first, int count) =>
        string.Join(',', Enumerable.Range(first, count).Select(number => number.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>The instances of a setting on one host.</summary>
/// <param name="Places">The instances whose commands are written.</param>
/// <param name="Note">What the commands leave to the reader, in a sentence; <c>null</c> for nothing.</param>
internal sealed record InstancePlaces(IReadOnlyList<InstancePlace> Places, string? Note)
{
    /// <summary>Accelerators of a host: that of almost every server with more than one.</summary>
    internal const int HostGpus = 8;

    /// <summary>Accelerators of the host that the instances use.</summary>
    internal int Gpus => Places.Sum(place => place.Gpus);

    /// <summary>Places the instances of a setting.</summary>
    internal static InstancePlaces Of(ServingSetting setting)
    {
        int gpus = setting.GpusOfInstance;
        ReplicaRole[] roles =
        [
            .. Enumerable.Repeat(ReplicaRole.Prefill, setting.PrefillReplicas),
            .. Enumerable.Repeat(setting.PrefillReplicas > 0 ? ReplicaRole.Decode : ReplicaRole.Whole, setting.Replicas),
        ];
        if (setting.Gpus <= HostGpus)
        {
            return new InstancePlaces(Placed(roles, gpus), null);
        }

        string all = string.Create(CultureInfo.InvariantCulture, $"{roles.Length} instances of {gpus} GPUs");
        return gpus > HostGpus
            ? new InstancePlaces(
                Placed([.. roles.Distinct()], gpus),
                $"The setting has {all}, more than a host of {HostGpus} has. The server must be started on several hosts together, which "
                + "this command does not do.")
            : new InstancePlaces(
                Placed([.. roles.Distinct()], gpus),
                $"The setting has {all}, which need more than one host of {HostGpus}. The command is that of one instance of a kind: start "
                + $"it {CountsOf(setting)}, each time with GPUs and a port of its own.");
    }

    private static string CountsOf(ServingSetting setting) => setting.PrefillReplicas > 0
        ? string.Create(
            CultureInfo.InvariantCulture, $"{setting.PrefillReplicas} times for prefill and {setting.Replicas} times for decode")
        : string.Create(CultureInfo.InvariantCulture, $"{setting.Replicas} times");

    private static InstancePlace[] Placed(ReplicaRole[] roles, int gpus) =>
        [.. roles.Select((role, number) => new InstancePlace(number, role, number * gpus, gpus))];
}
