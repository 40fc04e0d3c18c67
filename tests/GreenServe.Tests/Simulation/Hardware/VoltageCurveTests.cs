using System.Globalization;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Hardware;

public sealed class VoltageCurveTests
{
    [Fact]
    public void At_IsLinear_BetweenTheKneeAndTheHighestClock()
    {
        VoltageCurve curve = new() { FloorRatio = 0.8, KneeRatio = 0.7, MemoryShare = 0.6 };

        // Half-way from the knee to the highest clock the voltage is half-way too.
        Assert.Equal(0.9, curve.VoltageRatioAt(0.85), 1e-12);
        Assert.Equal(1, curve.VoltageRatioAt(1), 1e-12);
    }

    [Fact]
    public void At_RisesLate_WithAnExponentAboveOne()
    {
        VoltageCurve curve = new() { FloorRatio = 0.8, KneeRatio = 0.6, Exponent = 2, MemoryShare = 0.6 };

        // Half-way from the knee to the highest clock, a quarter of the rise is done.
        Assert.Equal(0.85, curve.VoltageRatioAt(0.8), 1e-12);
        Assert.Equal(0.8, curve.VoltageRatioAt(0.6), 1e-12);
        Assert.Equal(1, curve.VoltageRatioAt(1), 1e-12);
    }

    /// <summary>A public sweep over the clocks of an A100 PCIe with a load bound by compute and one bound by bandwidth.</summary>
    [Theory]
    [InlineData(1005, 135, 145)]
    [InlineData(1110, 152, 155)]
    [InlineData(1200, 179, 170)]
    [InlineData(1305, 225, 190)]
    [InlineData(1410, 296, 228)]
    public void A100_DrawsTheWattsOfAPublicSweep(double megahertz, double computeWatts, double streamWatts)
    {
        // The board draws 40 W at rest and 60 W for a clock that is held; at 1,410 MHz 196 W are left for products, 128 W for copies.
        PowerConstants board = GpuCatalog.Find("A100-80GB-SXM").Power with
        {
            IdleWatts = 40,
            ClockedWatts = 60,
            ComputeWatts = 196,
            MemoryWatts = 128,
        };
        double ratio = megahertz / 1410;
        PowerModel power = PowerModel.At(board, ratio);

        // Products come in proportion to the clock, copies as fast at every clock.
        Assert.Equal(computeWatts, power.Joules(1, new PowerWork(0, ratio, 0)), 0.011 * computeWatts);
        Assert.Equal(streamWatts, power.Joules(1, new PowerWork(1, 0, 0)), 0.02 * streamWatts);
    }

    [Fact]
    public void H100_FollowsTheWattsOfProducts_ThatItsCapHoldsAtLowerClocks()
    {
        VoltageCurve curve = GpuCatalog.Find("H100-80GB-SXM").Power.Voltage;
        VoltageCurve curveOfA100 = GpuCatalog.Find("A100-80GB-SXM").Power.Voltage;

        // 20 loads at 1,254 to 1,980 MHz that the watts were fitted to, and 17 of a later lease. The A100's curve does not describe them.
        Assert.InRange(MeanProductError(curve, card: 1, 20), 0, 0.04);
        Assert.InRange(MeanProductError(curve, card: 2, 17), 0, 0.04);
        Assert.InRange(MeanProductError(curveOfA100, card: 2, 17), 0.05, 0.2);
    }

    [Fact]
    public void Uncertainty_HoldsTheCurveOfEveryAccelerator()
    {
        foreach (GpuDefinition gpu in GpuCatalog.All)
        {
            for (double ratio = 0.2; ratio <= 1; ratio += 0.01)
            {
                PowerModel middle = PowerModel.At(gpu.Power, ratio);
                PowerModel low = PowerModel.At(gpu.Power, gpu.Power.VoltageMaxSaving, ratio);
                PowerModel high = PowerModel.At(gpu.Power, gpu.Power.VoltageMinSaving, ratio);
                string point = $"{gpu.Name} at {ratio:F2}";
                AssertHolds(low.FloorWatts, middle.FloorWatts, high.FloorWatts, point);
                AssertHolds(low.MemoryWatts, middle.MemoryWatts, high.MemoryWatts, point);
                AssertHolds(low.ComputeWatts, middle.ComputeWatts, high.ComputeWatts, point);
            }
        }
    }

    /// <summary>
    /// Mean error of the power of loops of products on an H100, as a share of the power. The constants were fitted to those of the first
    /// card with the curve of the H100: 1,449 W of compute and 1.12 times as much for FP8, 448 W of memory, and 122 W at rest as measured.
    /// </summary>
    private static double MeanProductError(VoltageCurve curve, int card, int count)
    {
        PowerConstants constants = GpuCatalog.Find("H100-80GB-SXM").Power with
        {
            IdleWatts = 75,
            ClockedWatts = 47,
            BusyWatts = 0,
            MemoryWatts = 448,
            ComputeWatts = 1449,
            Voltage = curve,
        };
        string path = Repository.PathOf("paper-artifacts", "measured", "bare-loop", "h100-products.csv");
        string[][] loads =
        [
            .. File.ReadLines(path).Skip(1).Select(line => line.Split(','))
                .Where(cells => cells[0] == $"{card}" && cells[1] == "product" && cells[4] == "random")
                .Where(cells => cells[5] == "0" && cells[6].Length == 0),
        ];
        Assert.Equal(count, loads.Length);
        return loads.Average(Error);

        double Error(string[] cells)
        {
            bool isFp8 = cells[2] == "fp8";
            double rows = Number(cells[3]);
            double seconds = Number(cells[8]) / 4 * 1e-6;
            double bytes = ((isFp8 ? 1 : 2) * ((8192.0 * 8192) + (8192 * rows))) + (2 * 8192 * rows);
            double compute = 2 * 8192.0 * 8192 * rows / (isFp8 ? 1978e12 / 1.12 : 989e12);
            double joules = PowerModel.At(constants, Number(cells[9]) / 1980).Joules(seconds, new PowerWork(bytes / 3.35e12, compute, 0));
            return Math.Abs((joules / seconds / Number(cells[7])) - 1);
        }
    }

    private static void AssertHolds(double low, double middle, double high, string point) =>
        Assert.True(low <= middle * (1 + 1e-12) && middle <= high * (1 + 1e-12), $"{point}: {low} W, {middle} W, {high} W");

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
