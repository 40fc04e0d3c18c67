using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Control;

/// <summary>
/// Predicts the band of a request's output with stated errors. The same request and seed give the same prediction on every machine.
/// </summary>
public sealed class OutputPredictor
{
    private const int Bands = 3;

    /// <summary>Probability of each prediction (inner index) for each true band (outer index).</summary>
    private readonly double[][] confusion;

    private OutputPredictor(double[][] confusion) => this.confusion = confusion;

    /// <summary>A predictor without errors.</summary>
    public static OutputPredictor Exact { get; } = WithAccuracy(1);

    /// <summary>A predictor that is right with a probability. Its errors are spread evenly over the two other bands.</summary>
    /// <param name="accuracyProbability">Probability of the true band, from 0 to 1.</param>
    public static OutputPredictor WithAccuracy(double accuracyProbability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(accuracyProbability, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accuracyProbability, 1);
        double error = (1 - accuracyProbability) / (Bands - 1);
        return new OutputPredictor(
            [.. Enumerable.Range(0, Bands).Select(truth => (double[])
                [.. Enumerable.Range(0, Bands).Select(band => band == truth ? accuracyProbability : error)])]);
    }

    /// <summary>Whether every prediction is right.</summary>
    public bool IsExact => Enumerable.Range(0, Bands).All(band => confusion[band][band] == 1);

    /// <summary>The predicted band.</summary>
    /// <param name="truth">The band of the output.</param>
    /// <param name="requestId">Number of the request.</param>
    /// <param name="seed">Seed of the run.</param>
    public LengthBand Predict(LengthBand truth, long requestId, ulong seed)
    {
        double[] row = confusion[(int)truth];
        double place = SeededDraw.Ratio(seed, requestId);
        for (int band = 0; band < Bands - 1; band++)
        {
            if (place < row[band])
            {
                return (LengthBand)band;
            }

            place -= row[band];
        }

        return LengthBand.Long;
    }
}
