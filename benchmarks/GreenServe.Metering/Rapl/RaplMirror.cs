namespace GreenServe.Metering.Rapl;

/// <summary>Finds out whether two zones show one and the same counter, whose joules would be counted twice.</summary>
internal static class RaplMirror
{
    /// <summary>
    /// Most reads while a counter is watched for its next refresh. A counter refreshes about every millisecond and a read takes
    /// microseconds; a counter that stands still longer cannot be told and is reported elsewhere.
    /// </summary>
    private const int MostReads = 10_000;

    /// <summary>
    /// Looks that must agree. Counters of two packages stand seconds or days apart, so that one look of a microsecond is all but proof.
    /// </summary>
    private const int Looks = 3;

    /// <summary>
    /// Whether the second counter lies between two readings of the first, again and again while the first moves on.
    /// </summary>
    /// <param name="one">Reads the first counter (µJ).</param>
    /// <param name="other">Reads the second counter (µJ).</param>
    internal static bool AreOne(Func<long?> one, Func<long?> other)
    {
        try
        {
            long? last = null;
            for (int look = 0; look < Looks; look++)
            {
                if (NextValue(one, last) is not { } before || other() is not { } between || one() is not { } after
                    || between < before || between > after)
                {
                    return false;
                }

                last = after;
            }

            return true;
        }
        catch (IOException)
        {
            // A counter that cannot be read now is reported when it is measured.
            return false;
        }
    }

    /// <summary>The first reading that differs from the last one; <c>null</c> if the counter does not move.</summary>
    private static long? NextValue(Func<long?> read, long? last)
    {
        for (int reads = 0; reads < MostReads; reads++)
        {
            if (read() is { } value && value != last)
            {
                return value;
            }
        }

        return null;
    }
}
