namespace GreenServe.Records.Measurements;

/// <summary>One reading of a device's state other than power, for example its clock; one row of <c>device.csv</c>.</summary>
/// <param name="Device">Stable name of the device, for example <c>gpu0</c>.</param>
/// <param name="Quantity">What was read, with its unit, for example <c>sm_clock_megahertz</c>.</param>
/// <param name="Seconds">Offset from the start of the run.</param>
/// <param name="Value">The value in that unit.</param>
public readonly record struct DeviceReading(string Device, string Quantity, double Seconds, double Value);
