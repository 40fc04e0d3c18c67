namespace GreenServe.Metering.DeviceSettings;

/// <summary>What an experiment wants of its GPUs. <c>null</c> leaves a knob alone.</summary>
/// <param name="ClockMegahertz">Locked SM clock (MHz).</param>
/// <param name="PowerCapWatts">Power cap of each GPU (W).</param>
public sealed record DeviceKnobRequest(double? ClockMegahertz, double? PowerCapWatts)
{
    /// <summary>Whether it asks for nothing.</summary>
    public bool IsEmpty => ClockMegahertz is null && PowerCapWatts is null;
}
