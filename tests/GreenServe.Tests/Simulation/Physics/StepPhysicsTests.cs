using System.Globalization;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Physics;

/// <summary>Work of a step against decode loops that were measured without a server on an H200, from one row (a GEMV) to 64.</summary>
public sealed class StepPhysicsTests
{
    [Fact]
    public void WorkOf_DrawsTheMeasuredPower_FromOneRowTo64()
    {
        string path = Repository.PathOf("paper-artifacts", "measured", "bare-loop", "llama-2-7b.csv");
        SimulatedSystem system = new()
        {
            Model = ModelCatalog.Read("llama-2-7b"),
            Gpu = GpuCatalog.Find("H200"),
            GpuCount = 1,
            Engine = EngineCatalog.Find("greenserve"),
            Knobs = new Knobs(),
        };
        StepPhysics physics = new(system);
        PowerModel power = PowerModel.At(system.Gpu.Power, 1);
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Where(cells => cells[0] == "decode")];

        Assert.True(rows.Length >= 7);
        foreach (string[] cells in rows)
        {
            double[] numbers = [.. cells[2..6].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            (int batch, long context, double seconds, double watts) = ((int)numbers[0], (long)numbers[1], numbers[2] / 1e3, numbers[3]);

            double predicted = power.Joules(seconds, physics.WorkOf(StepShape.Decode(batch, batch * context), 1).Work) / seconds;

            string point = $"batch {batch}, context {context}: {predicted:F0} W, measured {watts:F0} W";
            Assert.True(Math.Abs((predicted / watts) - 1) < 0.03, point);
        }
    }
}
