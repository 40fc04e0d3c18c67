using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Power and temperature of a server, second by second.</summary>
/// <param name="server">The server.</param>
/// <param name="inletCelsius">Temperature of the air at its inlet at the start, in degrees Celsius.</param>
internal sealed class MonitoredServer(IMeteredServer server, double inletCelsius)
{
    private readonly PowerHistory history = new(startSeconds: 0);
    private ServerReading last;

    /// <summary>The server as a policy observes it.</summary>
    internal IServerView View => server.View;

    /// <summary>Energy of its accelerators over the last second, in joules.</summary>
    internal double GpuJoules { get; private set; }

    /// <summary>Energy of the rest of the server over the last second, in joules; 0 where it is not stated.</summary>
    internal double HostJoules { get; private set; }

    /// <summary>Temperature of the air at its inlet, in degrees Celsius.</summary>
    internal double InletCelsius { get; private set; } = inletCelsius;

    /// <summary>Temperature of its hottest accelerator, in degrees Celsius. It begins at the temperature of the inlet.</summary>
    internal double GpuCelsius { get; private set; } = inletCelsius;

    /// <summary>Mean power of its accelerators over the last whole seconds, in watts.</summary>
    /// <param name="overSeconds">Number of seconds, from 1 to 60.</param>
    internal double GpuWatts(int overSeconds) => history.Watts(overSeconds);

    /// <summary>Reads the server.</summary>
    /// <param name="seconds">The present time, in seconds from the start of the run.</param>
    internal void Read(double seconds)
    {
        ServerReading reading = server.Read(seconds);
        GpuJoules = reading.GpuJoules - last.GpuJoules;
        HostJoules = (server.RatedHostWatts ?? 0) * (reading.OnSeconds - last.OnSeconds);
        history.Add(seconds, reading.GpuJoules);
        last = reading;
    }

    /// <summary>Warms or cools the server after a reading.</summary>
    /// <param name="model">The thermal model.</param>
    /// <param name="celsius">Temperature of the air at its inlet, in degrees Celsius.</param>
    /// <param name="seconds">Time since the reading before, in seconds.</param>
    /// <returns>Whether its hottest accelerator reached the throttling temperature just now.</returns>
    internal bool Warm(ThermalModel model, double celsius, double seconds)
    {
        bool wasThrottled = GpuCelsius >= model.ThrottleCelsius;
        InletCelsius = celsius;
        GpuCelsius = model.GpuCelsius(GpuCelsius, celsius, last.HottestGpuWatts, seconds);
        return GpuCelsius >= model.ThrottleCelsius && !wasThrottled;
    }
}
