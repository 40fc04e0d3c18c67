using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using GreenServe.Records.Requests;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>
/// Checks the rows of <c>requests.csv</c> against each other and each row in itself. A repeated request would count twice in every rate.
/// </summary>
internal sealed class RequestRows
{
    private static readonly FrozenSet<string> ClassNames = RequestClass.All.Select(one => one.Name).ToFrozenSet();
    private static readonly string ClassesAllowed = $"one of {string.Join(", ", RequestClass.All)}";

    private readonly BitArray seen = new(1 << 12);

    /// <summary>Converts a row to its request.</summary>
    /// <exception cref="InvalidInputException">The row contradicts itself or an earlier row, or a value is not allowed.</exception>
    internal RequestRecord Read(TableReader row)
    {
        RequestRecord request = RunRows.Request(row);
        Check(row, request.Id, request.Status);
        return request;
    }

    /// <summary>Checks a row without converting the rest of it.</summary>
    /// <exception cref="InvalidInputException">The row contradicts itself or an earlier row.</exception>
    internal void Check(TableReader row) => Check(row, row.RequiredWhole("id"), row.RequiredEnum<RequestStatus>("status"));

    /// <summary>Throws unless a class is one of the nine.</summary>
    internal static void RequireClass(TableReader row, string name)
    {
        if (!ClassNames.Contains(name))
        {
            throw row.Bad("class", name, ClassesAllowed);
        }
    }

    private void Check(TableReader row, long id, RequestStatus status)
    {
        RequireClass(row, row.RequiredText("class"));
        if (id >= seen.Length)
        {
            seen.Length = (int)Math.Max(id + 1, 2L * seen.Length);
        }

        if (seen[(int)id])
        {
            throw row.Bad("id", id.ToString(CultureInfo.InvariantCulture), "an id that no row above has");
        }

        seen[(int)id] = true;
        if (status == RequestStatus.Completed && row.Number("completed_seconds") is null)
        {
            throw row.Bad("completed_seconds", null, "a time, since the request completed");
        }
    }
}
