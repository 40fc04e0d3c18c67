using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Policies.Estimates;

public sealed class RequestEnergyFitTests
{
    [Fact]
    public void Joules_IsTheFormOfThePaper() =>
        Assert.Equal((2 * 10) + (3 * 20) + (0.5 * 10 * 20), new RequestEnergyFit(2, 3, 0.5, 1).Joules(new RequestLengths(10, 20)));

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Of_ExplainsTheEnergyOfRequests_AndLargerModelsCostMore(int sequences)
    {
        RequestEnergyFit small = Fit(TestSystems.Llama31For8B, 1, sequences);
        RequestEnergyFit large = Fit(TestSystems.Llama2For70B, 8, sequences);

        // The paper reports R² above 0.96 for its own measurements.
        Assert.InRange(small.DeterminationRatio, 0.96, 1);
        Assert.InRange(large.DeterminationRatio, 0.96, 1);
        RequestLengths lengths = new(512, 128);
        Assert.True(large.Joules(lengths) > 2 * small.Joules(lengths), $"{large.Joules(lengths)} J against {small.Joules(lengths)} J");
    }

    private static RequestEnergyFit Fit(ModelDefinition model, int degree, int sequences)
    {
        SimulatedSystem system = TestSystems.H100(model, degree);
        return RequestEnergyFit.Of(new SteadyServing(system, system.StepModel()), sequences);
    }
}
