using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Search.Advising.Searching;

/// <summary>The settings near a setting.</summary>
internal static class Neighbours
{
    /// <summary>Axes with at most so many values are tried at each of them, longer ones at the next values.</summary>
    private const int ShortAxis = 8;

    /// <summary>Places on a long axis to each side.</summary>
    private const int Reach = 2;

    /// <summary>The settings that differ from one along one axis.</summary>
    /// <param name="space">The grid.</param>
    /// <param name="number">Number of the setting.</param>
    internal static IEnumerable<long> Beside(SettingSpace space, long number)
    {
        int[] coordinates = space.CoordinatesOf(number);
        for (int axis = 0; axis < coordinates.Length; axis++)
        {
            foreach (int place in PlacesNear(space.Axes[axis], coordinates[axis]))
            {
                yield return space.NumberWith(number, axis, place);
            }
        }
    }

    /// <summary>The settings that differ from one along one axis or two.</summary>
    /// <param name="space">The grid.</param>
    /// <param name="number">Number of the setting.</param>
    internal static IEnumerable<long> Of(SettingSpace space, long number)
    {
        int[] coordinates = space.CoordinatesOf(number);
        for (int first = 0; first < coordinates.Length; first++)
        {
            foreach (int place in PlacesNear(space.Axes[first], coordinates[first]))
            {
                long moved = space.NumberWith(number, first, place);
                yield return moved;
                for (int second = first + 1; second < coordinates.Length; second++)
                {
                    foreach (int other in PlacesNear(space.Axes[second], coordinates[second]))
                    {
                        yield return space.NumberWith(moved, second, other);
                    }
                }
            }
        }
    }

    /// <summary>The settings that differ from one by the next value of one axis, or by any value of one without an order.</summary>
    /// <param name="space">The grid.</param>
    /// <param name="number">Number of the setting.</param>
    internal static IEnumerable<long> Next(SettingSpace space, long number)
    {
        int[] coordinates = space.CoordinatesOf(number);
        for (int axis = 0; axis < coordinates.Length; axis++)
        {
            foreach (int place in Enumerable.Range(0, space.Axes[axis].Values.Count))
            {
                if (place != coordinates[axis] && (!space.Axes[axis].IsOrdered || Math.Abs(place - coordinates[axis]) == 1))
                {
                    yield return space.NumberWith(number, axis, place);
                }
            }
        }
    }

    private static IEnumerable<int> PlacesNear(SettingAxis axis, int place) => Enumerable.Range(0, axis.Values.Count)
        .Where(other => other != place && (!axis.IsOrdered || axis.Values.Count <= ShortAxis || Math.Abs(other - place) <= Reach));
}
