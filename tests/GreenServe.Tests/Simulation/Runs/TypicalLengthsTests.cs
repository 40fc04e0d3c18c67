using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class TypicalLengthsTests
{
    [Fact]
    public void Of_GivesLengthsOfTheClass_ForEveryClass()
    {
        RequestClassCuts cuts = new();
        foreach (RequestClass requestClass in RequestClass.All)
        {
            (int input, int output) = TypicalLengths.Of(requestClass, cuts);
            Assert.Equal(requestClass, cuts.Classify(input, output));
        }
    }
}
