namespace GreenServe.Metering.DeviceSettings;

/// <summary>What became of one knob on one GPU.</summary>
/// <param name="Gpu">Stable name of the GPU, for example <c>gpu0</c>.</param>
/// <param name="Knob"><c>gpu_clock_megahertz</c> or <c>power_cap_watts</c>.</param>
/// <param name="Asked">What was asked for.</param>
/// <param name="Actual">What the device has now: this is what a record must say.</param>
/// <param name="Note">What differs and why; <c>null</c> if nothing does.</param>
public sealed record KnobOutcome(string Gpu, string Knob, double Asked, double Actual, string? Note);
