using GreenServe.Records.Systems;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>The grid of settings that a search looks at: every value of every axis with every value of the others.</summary>
/// <param name="start">The setting that the axes change.</param>
/// <param name="axes">The axes; at least one, each with at least one value.</param>
public sealed class SettingSpace(ServingSetting start, IReadOnlyList<SettingAxis> axes)
{
    /// <summary>The setting that the axes change.</summary>
    public ServingSetting Start => start;

    /// <summary>The axes.</summary>
    public IReadOnlyList<SettingAxis> Axes => axes;

    /// <summary>Settings of the grid.</summary>
    public long Count => axes.Aggregate(1L, (count, axis) => count * axis.Values.Count);

    /// <summary>The setting with a number: the last axis varies fastest.</summary>
    /// <param name="number">The number, from 0 to <see cref="Count"/> - 1.</param>
    public ServingSetting this[long number] => At(CoordinatesOf(number));

    /// <summary>The place of a setting on each axis.</summary>
    /// <param name="number">The number of the setting.</param>
    public int[] CoordinatesOf(long number)
    {
        int[] coordinates = new int[axes.Count];
        for (int axis = axes.Count - 1; axis >= 0; axis--)
        {
            (number, long place) = Math.DivRem(number, axes[axis].Values.Count);
            coordinates[axis] = (int)place;
        }

        return coordinates;
    }

    /// <summary>The number of the setting at a place.</summary>
    /// <param name="coordinates">The place on each axis.</param>
    public long NumberOf(IReadOnlyList<int> coordinates)
    {
        long number = 0;
        for (int axis = 0; axis < axes.Count; axis++)
        {
            number = (number * axes[axis].Values.Count) + coordinates[axis];
        }

        return number;
    }

    /// <summary>The number of the setting that differs from one on one axis alone.</summary>
    /// <param name="number">The number of that setting.</param>
    /// <param name="axis">Number of the axis, from 0.</param>
    /// <param name="place">The place on the axis.</param>
    internal long NumberWith(long number, int axis, int place)
    {
        int[] coordinates = CoordinatesOf(number);
        coordinates[axis] = place;
        return NumberOf(coordinates);
    }

    /// <summary>The setting at a place.</summary>
    /// <param name="coordinates">The place on each axis.</param>
    public ServingSetting At(IReadOnlyList<int> coordinates)
    {
        ServingSetting setting = start;
        for (int axis = 0; axis < axes.Count; axis++)
        {
            setting = axes[axis].Values[coordinates[axis]].Apply(setting);
        }

        return setting;
    }
}
