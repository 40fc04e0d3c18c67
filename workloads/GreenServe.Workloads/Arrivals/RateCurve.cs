namespace GreenServe.Workloads.Arrivals;

/// <summary>Integrates a piecewise linear rate, and finds the times at which the integral reaches given counts.</summary>
internal static class RateCurve
{
    /// <summary>
    /// Maps ascending counts, the arrivals of a process of rate 1, to the times at which the integral of the stages' rate reaches
    /// them. The times end with the stages.
    /// </summary>
    internal static IEnumerable<double> Warp(IEnumerable<double> counts, IEnumerable<ArrivalStage> stages)
    {
        using IEnumerator<ArrivalStage> stage = stages.GetEnumerator();
        if (!stage.MoveNext())
        {
            yield break;
        }

        double stageStartSeconds = 0;
        double stageStartCount = 0;
        foreach (double count in counts)
        {
            while (count - stageStartCount >= stage.Current.ExpectedRequests())
            {
                stageStartSeconds += stage.Current.Seconds;
                stageStartCount += stage.Current.ExpectedRequests();
                if (!stage.MoveNext())
                {
                    yield break;
                }
            }

            yield return stageStartSeconds + SecondsInto(stage.Current, count - stageStartCount);
        }
    }

    // Solves rate·t + slope·t²/2 = count in a form that stays exact for a slope near 0.
    private static double SecondsInto(ArrivalStage stage, double count)
    {
        double rate = stage.RequestsPerSecond;
        double slope = ((stage.EndRequestsPerSecond ?? rate) - rate) / stage.Seconds;
        double root = Math.Sqrt(Math.Max(0, (rate * rate) + (2 * slope * count)));
        return count == 0 ? 0 : Math.Min(stage.Seconds, 2 * count / (rate + root));
    }
}
