using GreenServe.Metering.Remote;

namespace GreenServe.Tests.Metering.Remote;

public class MetricUnitTests
{
    [Theory]
    [InlineData("hw_power_watts", "watts")]
    [InlineData("node_hwmon_power_average_watt", "watts")]
    [InlineData("scaph_host_power_microwatts", "microwatts")]
    [InlineData("kepler_node_cpu_joules_total", "joules")]
    [InlineData("gpu_energy_millijoules", "millijoules")]
    [InlineData("rapl:package_microjoules:sum", "microjoules")]
    [InlineData("pdu_outlet_kwh_total", "kilowatt-hours")]
    [InlineData("pdu_outlet_wh", "watt-hours")]
    [InlineData("joules_per_watt_milliwatts", "milliwatts")]
    [InlineData("DCGM_FI_DEV_POWER_USAGE", null)]
    [InlineData("wattson_power", null)]
    public void OfMetric_ReadsTheUnitInTheName(string metric, string? unit) => Assert.Equal(unit, MetricUnit.OfMetric(metric)?.Name);

    [Theory]
    [InlineData("microwatts", 150e6, 150)]
    [InlineData("milliwatts", 150e3, 150)]
    [InlineData("kilowatts", 0.15, 150)]
    [InlineData("microjoules", 2e6, 2)]
    [InlineData("watt-hours", 1, 3600)]
    [InlineData("kilowatt-hours", 1, 3_600_000)]
    public void Factor_GivesBaseUnits(string unit, double value, double expected) =>
        Assert.Equal(expected, value * MetricUnit.Of(unit)!.Factor, 9);
}
