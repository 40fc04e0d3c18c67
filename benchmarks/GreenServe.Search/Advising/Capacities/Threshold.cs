namespace GreenServe.Search.Advising.Capacities;

/// <summary>
/// Finds where a test that holds on one side of a number and fails on the other changes, with few tests near a guess.
/// </summary>
internal static class Threshold
{
    /// <summary>The lowest number for which a test holds, if it holds for all higher ones.</summary>
    /// <param name="guess">Where the search begins.</param>
    /// <param name="lowest">Lowest number that is tried.</param>
    /// <param name="highest">Highest number that is tried.</param>
    /// <param name="step">
    /// Distance of the second number that is tried from the first, at least 1. It doubles with each number, except with
    /// <paramref name="isSteady"/>. A positive number is halved at most, since far below the threshold a test may take long.
    /// </param>
    /// <param name="holds">The test.</param>
    /// <param name="isSteady">Whether steps stay as long as the first.</param>
    /// <returns>The number; <c>null</c> where the test fails up to <paramref name="highest"/>.</returns>
    internal static int? Lowest(int guess, int lowest, int highest, int step, Func<int, bool> holds, bool isSteady = false)
    {
        if (lowest > highest)
        {
            return null;
        }

        // The test holds for all numbers from "passing" on, and for none up to "failing".
        (int failing, int passing) = (lowest - 1, highest + 1);
        int next = Math.Clamp(guess, lowest, highest);
        while (failing + 1 < passing)
        {
            if (holds(next))
            {
                passing = next;
                next -= lowest > 0 ? Math.Clamp(next / 2, 1, step) : step;
            }
            else
            {
                failing = next;
                next += step;
            }

            bool isBracketed = failing >= lowest && passing <= highest;
            step *= isSteady ? 1 : 2;
            next = isBracketed ? failing + ((passing - failing) / 2) : Math.Clamp(next, lowest, highest);
        }

        return passing <= highest ? passing : null;
    }

    /// <summary>The highest number for which a test holds, if it holds for all lower ones.</summary>
    /// <param name="guess">Where the search begins.</param>
    /// <param name="lowest">Lowest number that is tried.</param>
    /// <param name="highest">Highest number that is tried.</param>
    /// <param name="step">Distance between the numbers that are tried until the test changes, at least 1.</param>
    /// <param name="holds">The test.</param>
    /// <returns>The number; <c>null</c> where the test fails down to <paramref name="lowest"/>.</returns>
    internal static int? Highest(int guess, int lowest, int highest, int step, Func<int, bool> holds) =>
        -Lowest(-guess, -highest, -lowest, step, number => holds(-number), isSteady: true);
}
