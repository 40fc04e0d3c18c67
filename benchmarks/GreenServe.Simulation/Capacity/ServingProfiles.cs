using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Capacity;

/// <summary>
/// The profiles of one kind of server, for each class of its traffic or for all of it, at any tensor parallelism and clock. Each is made
/// once, when it is first asked for. Not thread-safe.
/// </summary>
/// <param name="server">The server, with the knobs that profiles do not change.</param>
/// <param name="traffic">What is known of the traffic.</param>
/// <param name="cuts">Lengths at which classes begin.</param>
/// <param name="limits">The SLO.</param>
public sealed class ServingProfiles(SimulatedSystem server, TrafficHistory traffic, RequestClassCuts cuts, SloByClass limits)
{
    private readonly Dictionary<Setting, ServingProfile> profiles = [];
    private readonly Dictionary<Setting, StepTable> tables = [];

    /// <summary>The SLO.</summary>
    public SloByClass Limits => limits;

    /// <summary>What is known of the traffic.</summary>
    public TrafficHistory Traffic => traffic;

    /// <summary>The degrees of tensor parallelism at which the server can hold its model, in rising order.</summary>
    public IReadOnlyList<int> TensorParallelisms { get; } =
        [.. new[] { 1, 2, 4, 8, 16 }.Where(degree => degree <= server.GpuCount && !With(server, degree, null).Check().Any())];

    /// <summary>The profile of requests of a class.</summary>
    /// <param name="requestClass">The class.</param>
    /// <param name="tensorParallelism">Tensor parallelism of the instance.</param>
    /// <param name="clockMegahertz">Its clock, in megahertz; <c>null</c> for that of the server.</param>
    public ServingProfile Of(RequestClass requestClass, int tensorParallelism, double? clockMegahertz = null) =>
        Of(new Setting(GapCounts.IndexOf(requestClass), tensorParallelism, OtherThanOwn(clockMegahertz)));

    /// <summary>The profile of all requests in the shares in which they come.</summary>
    /// <param name="tensorParallelism">Tensor parallelism of the instance.</param>
    /// <param name="clockMegahertz">Its clock, in megahertz; <c>null</c> for that of the server.</param>
    public ServingProfile OfMix(int tensorParallelism, double? clockMegahertz = null) =>
        Of(new Setting(null, tensorParallelism, OtherThanOwn(clockMegahertz)));

    /// <summary>Time and energy of the steps of an instance.</summary>
    /// <param name="tensorParallelism">Tensor parallelism of the instance.</param>
    /// <param name="clockMegahertz">Its clock, in megahertz; <c>null</c> for that of the server.</param>
    public StepTable Steps(int tensorParallelism, double? clockMegahertz = null)
    {
        Setting setting = new(null, tensorParallelism, OtherThanOwn(clockMegahertz));
        if (!tables.TryGetValue(setting, out StepTable? table))
        {
            table = new StepTable(With(server, tensorParallelism, clockMegahertz));
            tables.Add(setting, table);
        }

        return table;
    }

    /// <summary>The clocks of a list below that of the server, in rising order, and then that of the server.</summary>
    /// <param name="clocksMegahertz">The clocks, in megahertz.</param>
    /// <returns>The clocks, in megahertz; <c>null</c> for the highest, where the server states no clock.</returns>
    internal IReadOnlyList<double?> ClocksUpToOwn(IReadOnlyList<double> clocksMegahertz) =>
    [
        .. clocksMegahertz.Where(clock => !(clock >= server.Knobs.GpuClockMegahertz)).Order().Select(clock => (double?)clock),
        server.Knobs.GpuClockMegahertz,
    ];

    private double? OtherThanOwn(double? clockMegahertz) => clockMegahertz == server.Knobs.GpuClockMegahertz ? null : clockMegahertz;

    private ServingProfile Of(Setting setting) => profiles.TryGetValue(setting, out ServingProfile? known)
        ? known
        : profiles[setting] = Make(setting);

    /// <summary>Makes a profile. The search for that of another clock begins at the capacity with the server's clock.</summary>
    private ServingProfile Make(Setting setting)
    {
        double? expected = setting.ClockMegahertz is null ? null : Of(setting with { ClockMegahertz = null }).CapacityRequestsPerSecond;
        return ServingProfile.Of(
            With(server, setting.TensorParallelism, setting.ClockMegahertz),
            setting.ClassNumber is { } number ? traffic.Of(RequestClass.All[number]) : traffic.Mix,
            cuts,
            limits,
            expected);
    }

    private static SimulatedSystem With(SimulatedSystem server, int tensorParallelism, double? clockMegahertz)
    {
        double? clock = clockMegahertz ?? server.Knobs.GpuClockMegahertz;
        Knobs knobs = server.Knobs with { TensorParallelism = tensorParallelism, GpuClockMegahertz = clock };
        return server with { Knobs = knobs };
    }

    /// <summary>What a profile is for.</summary>
    /// <param name="ClassNumber">Number of the class; <c>null</c> for all requests.</param>
    /// <param name="TensorParallelism">Tensor parallelism of the instance.</param>
    /// <param name="ClockMegahertz">Its clock, in megahertz; <c>null</c> for that of the server.</param>
    private readonly record struct Setting(int? ClassNumber, int TensorParallelism, double? ClockMegahertz);
}
