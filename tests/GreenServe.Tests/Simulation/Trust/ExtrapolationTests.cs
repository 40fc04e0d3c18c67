using GreenServe.Records.Systems;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Trust;

public sealed class ExtrapolationTests
{
    private static readonly SimulatedSetting[] Validated =
    [
        Settings.One,
        Settings.One with { TensorParallelism = 2, ConcurrentRequests = 64 },
        Settings.One with { Precision = Precision.Fp8, WeightsPerToken = 70e9 },
        Settings.One with { Engine = "trtllm-1.0", Gpu = "H200-SXM", WeightsPerToken = 70e9 },
    ];

    public static TheoryData<SimulatedSetting, string?> Cases => new()
    {
        { Settings.One with { ConcurrentRequests = 20 }, null },
        { Settings.One with { ConcurrentRequests = 90 }, null },
        { Settings.One with { Lowered = "a GPU clock of 1200 MHz" }, "no validation at a GPU clock of 1200 MHz" },
        { Settings.One with { Engine = "mine" }, "no validation of the engine mine" },
        { Settings.One with { Gpu = "A100-80GB-SXM" }, "no validation on A100-80GB-SXM" },
        {
            Settings.One with { Engine = "mine", Gpu = "A100-80GB-SXM" },
            "no validation of the engine mine, or on A100-80GB-SXM"
        },
        { Settings.One with { IsMixture = true }, "no validation of mixtures of experts on H100-80GB-SXM" },
        { Settings.One with { Precision = Precision.Int8 }, "no validation with int8 on H100-80GB-SXM" },
        {
            Settings.One with { Precision = Precision.Fp8, WeightsPerToken = 70e9, TensorParallelism = 4 },
            "no validation at TP 4 with fp8 on H100-80GB-SXM (validated: 1)"
        },
        {
            Settings.One with { WeightsPerToken = 70e9 },
            "no validation with 70 billion weights a token on H100-80GB-SXM (validated: 8)"
        },
        {
            Settings.One with { ConcurrentRequests = 100 },
            "no validation with 100 requests at once on H100-80GB-SXM (validated: 8 to 64)"
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ReasonFor_NamesTheCoordinate(SimulatedSetting setting, string? reason) =>
        Assert.Equal(reason, Extrapolation.ReasonFor(setting, Validated));

    [Fact]
    public void ReasonFor_NamesTheNearestSetting_WhenNoneIsNear()
    {
        SimulatedSetting[] validated =
        [
            Settings.One with { Engine = "trtllm-1.0", WeightsPerToken = 16e9 },
            Settings.One with { Gpu = "H200-SXM", GpuBytesPerSecond = 13.4e12 },
        ];

        // Another engine is 2 away, and twice the weights 0.5 more. The other is 2.5 away: 0.5 and two doublings of bandwidth.
        Assert.Equal(
            "no validation with 8 billion weights a token on H100-80GB-SXM (validated: 16)",
            Extrapolation.ReasonFor(Settings.One, validated));
        Assert.StartsWith(
            "no validation near: the nearest is trtllm-1.0 on H100-80GB-SXM, bf16, TP 1, 8 billion weights a token",
            Extrapolation.ReasonFor(
                Settings.One, [validated[0] with { WeightsPerToken = 8e9, ConcurrentRequests = 9 }, validated[1]]),
            StringComparison.Ordinal);
    }
}
