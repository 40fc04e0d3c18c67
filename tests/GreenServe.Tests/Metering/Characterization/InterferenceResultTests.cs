using GreenServe.Metering.Characterization;

namespace GreenServe.Tests.Metering.Characterization;

public class InterferenceResultTests
{
    [Fact]
    public void Of_GivesTheMeanChangeWithItsError_OverPairs()
    {
        InterferenceResult result = InterferenceResult.Of("decode", [(1, 1.01), (1, 1.03), (2, 2.04)], 0.01, 50);

        // Changes of 1, 3 and 2 %: mean 2 %, standard deviation 1 %, two standard errors 2 %/sqrt(3).
        Assert.Equal(0.02, result.StepTimeChangeRatio, 9);
        Assert.Equal(0.02 / Math.Sqrt(3), result.StepTimeChangeErrorRatio!.Value, 9);
        Assert.Null(InterferenceResult.Of("decode", [(1, 1.01)], 0, 0).StepTimeChangeErrorRatio);
    }
}
