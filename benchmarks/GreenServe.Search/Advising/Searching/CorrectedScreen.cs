using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Search.Advising.Searching;

/// <summary>
/// Estimates that are corrected by simulations: each setting by what the estimates of the settings near it were off by. Settings are near
/// each other where they agree on most axes.
/// </summary>
internal sealed class CorrectedScreen
{
    /// <summary>Squared distance, in lengths of an axis, within which simulations count about alike.</summary>
    private const double Softening = 0.01;

    /// <summary>Steps from end to end of each axis; 0 where its values have no order.</summary>
    private readonly double[] lengths;
    private readonly SettingScreen screen;
    private readonly (int[] Place, double Objective, double Ratio)[] errors;

    /// <summary>Takes the errors of the estimates.</summary>
    /// <param name="space">The grid.</param>
    /// <param name="screen">The estimates.</param>
    /// <param name="trials">The simulations.</param>
    internal CorrectedScreen(SettingSpace space, SettingScreen screen, IEnumerable<SettingTrial> trials)
    {
        lengths = [.. space.Axes.Select(axis => axis.IsOrdered ? axis.Values.Count - 1.0 : 0)];
        this.screen = screen;
        errors =
        [
            .. trials.Select(trial => (
                    Place: space.CoordinatesOf(trial.Number),
                    Objective: Math.Log(trial.Score.Objective / screen[trial.Number].Objective),
                    Ratio: Math.Log(trial.Score.WorstRatio / screen[trial.Number].WorstRatio)))
                .Where(error => double.IsFinite(error.Objective)),
        ];
    }

    /// <summary>The corrected estimate of a possible setting.</summary>
    /// <param name="number">Number of the setting.</param>
    /// <param name="place">Its place on each axis.</param>
    internal SettingScore At(long number, int[] place)
    {
        (double weights, double objective, double ratioWeights, double ratio) = (1e-9, 0, 1e-9, 0);
        foreach ((int[] other, double objectiveError, double ratioError) in errors)
        {
            double near = Softening + Distance(place, other);
            double weight = 1 / (near * near);
            (weights, objective) = (weights + weight, objective + (weight * objectiveError));
            if (double.IsFinite(ratioError))
            {
                (ratioWeights, ratio) = (ratioWeights + weight, ratio + (weight * ratioError));
            }
        }

        SettingScore own = screen[number];
        return new SettingScore(own.Objective * Math.Exp(objective / weights), own.WorstRatio * Math.Exp(ratio / ratioWeights));
    }

    private double Distance(int[] place, int[] other)
    {
        double sum = 0;
        for (int axis = 0; axis < place.Length; axis++)
        {
            if (place[axis] != other[axis])
            {
                double length = lengths[axis] > 0 ? (place[axis] - other[axis]) / lengths[axis] : 1;
                sum += length * length;
            }
        }

        return sum;
    }
}
