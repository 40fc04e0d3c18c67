using GreenServe.Records.Systems;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Trust;

public sealed class SettingDistanceTests
{
    public static TheoryData<SimulatedSetting, double> Others => new()
    {
        { Settings.One, 0 },
        { Settings.One with { Engine = "vllm-2023" }, 1 },
        { Settings.One with { Engine = "trtllm-1.0" }, 2 },

        // Twice the bandwidth and four times the peak: the larger of 1 and 2 doublings, and 0.5 for another GPU.
        { Settings.One with { Gpu = "next", GpuBytesPerSecond = 6.7e12, GpuFlopsPerSecond = 3956e12 }, 2.5 },
        { Settings.One with { IsMixture = true }, 2 },
        { Settings.One with { Precision = Precision.Fp8 }, 1 },
        { Settings.One with { WeightsPerToken = 32e9 }, 1 },
        { Settings.One with { TensorParallelism = 8 }, 1.5 },
        { Settings.One with { ConcurrentRequests = 1 }, 0.75 },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Between_AddsWhatDiffers_InBothDirections(SimulatedSetting other, double expected)
    {
        Assert.Equal(expected, SettingDistance.Between(Settings.One, other), 1e-9);
        Assert.Equal(expected, SettingDistance.Between(other, Settings.One), 1e-9);
    }
}
