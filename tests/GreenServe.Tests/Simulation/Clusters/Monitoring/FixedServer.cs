using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

/// <summary>A server without instances that draws what a function of time says.</summary>
internal sealed class FixedServer : IMeteredServer, IServerView
{
    private double readSeconds;

    public int Number { get; init; }

    public int GpuCount { get; init; } = 8;

    public string? Row { get; init; }

    public string? Site { get; init; }

    public double? RatedHostWatts { get; init; }

    /// <summary>Energy of the accelerators from the start to a time, in joules.</summary>
    public required Func<double, double> GpuJoules { get; init; }

    /// <summary>When it is switched off, in seconds.</summary>
    public double OffSeconds { get; init; } = double.PositiveInfinity;

    public IServerView View => this;

    public SimulatedSystem System => TestSystems.H100();

    public IReadOnlyList<IInstanceView> Instances => [];

    public double? QualityRatio => null;

    public bool IsChanging => false;

    public bool IsOff => false;

    public double HostWatts => RatedHostWatts ?? 0;

    public double? InletCelsius => null;

    public double? GpuCelsius => null;

    public double GpuWatts(int overSeconds) => 0;

    public ServerReading Read(double seconds)
    {
        double joules = GpuJoules(seconds) - GpuJoules(readSeconds);
        double hottest = joules / (seconds - readSeconds) / GpuCount;
        readSeconds = seconds;
        return new ServerReading(GpuJoules(seconds), Math.Min(seconds, OffSeconds), hottest);
    }
}
