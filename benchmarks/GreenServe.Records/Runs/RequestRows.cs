using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using GreenServe.Records.Documents;
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

    private static readonly string[] Names = [.. RunFiles.RequestColumns, .. RunFiles.TraitColumns];

    private readonly BitArray seen = new(1 << 12);
    private readonly int[] columns;
    private string statusText = "";
    private RequestStatus status;

    /// <summary>Prepares to read the rows of a table.</summary>
    /// <param name="table">The table. Its columns are looked up once.</param>
    internal RequestRows(TableReader table) => columns = [.. Names.Select(table.IndexOf)];

    /// <summary>The columns in the order in which they are written.</summary>
    private enum Column
    {
        Id,
        Class,
        Scheduled,
        Issued,
        FirstToken,
        Completed,
        InputAsked,
        InputCounted,
        OutputAsked,
        OutputCounted,
        Status,
        Error,
        ServerId,
        TbtP99,
        TbtMax,
        Energy,
        PrefillEnergy,
        ClientQueue,
        LastToken,
        Priority,
        Adapter,
    }

    /// <summary>Converts a row to its request.</summary>
    /// <exception cref="InvalidInputException">The row contradicts itself or an earlier row, or a value is not allowed.</exception>
    internal RequestRecord Read(TableReader row)
    {
        RequestRecord request = new(
            Whole(row, Column.Id) ?? throw Missing(row, Column.Id, "a whole number"),
            Text(row, Column.Class) ?? throw Missing(row, Column.Class, "text"),
            Number(row, Column.Scheduled) ?? throw Missing(row, Column.Scheduled, "a finite number"),
            Number(row, Column.Issued),
            Number(row, Column.FirstToken),
            Number(row, Column.Completed),
            (int)(Whole(row, Column.InputAsked) ?? throw Missing(row, Column.InputAsked, "a whole number")),
            (int?)Whole(row, Column.InputCounted),
            (int)(Whole(row, Column.OutputAsked) ?? throw Missing(row, Column.OutputAsked, "a whole number")),
            (int?)Whole(row, Column.OutputCounted),
            Status(row),
            Text(row, Column.Error),
            Text(row, Column.ServerId))
        {
            TbtP99Seconds = Number(row, Column.TbtP99),
            TbtMaxSeconds = Number(row, Column.TbtMax),
            EnergyJoules = Number(row, Column.Energy),
            PrefillEnergyJoules = Number(row, Column.PrefillEnergy),
            ClientQueueSeconds = Number(row, Column.ClientQueue),
            LastTokenSeconds = Number(row, Column.LastToken),
            Priority = Text(row, Column.Priority),
            Adapter = (int?)Whole(row, Column.Adapter),
        };
        Check(row, request.Id, request.Class, request.Status);
        return request;
    }

    /// <summary>Checks a row without converting the rest of it.</summary>
    /// <exception cref="InvalidInputException">The row contradicts itself or an earlier row.</exception>
    internal void Check(TableReader row) => Check(
        row,
        Whole(row, Column.Id) ?? throw Missing(row, Column.Id, "a whole number"),
        Text(row, Column.Class) ?? throw Missing(row, Column.Class, "text"),
        Status(row));

    /// <summary>Throws unless a class is one of the nine.</summary>
    internal static void RequireClass(TableReader row, string name)
    {
        if (!ClassNames.Contains(name))
        {
            throw row.Bad("class", name, ClassesAllowed);
        }
    }

    private string? Text(TableReader row, Column column) => row.Text(columns[(int)column]);

    private long? Whole(TableReader row, Column column) => row.Whole(columns[(int)column]);

    private double? Number(TableReader row, Column column) => row.Number(columns[(int)column]);

    private static InvalidInputException Missing(TableReader row, Column column, string allowed) =>
        row.Bad(Names[(int)column], null, allowed);

    /// <summary>The status of a row. Most rows have that of the row before.</summary>
    private RequestStatus Status(TableReader row)
    {
        if (Text(row, Column.Status) is not { } text || text != statusText)
        {
            status = row.RequiredEnum<RequestStatus>("status");
            statusText = EnumText.Of(status);
        }

        return status;
    }

    private void Check(TableReader row, long id, string requestClass, RequestStatus status)
    {
        RequireClass(row, requestClass);
        if (id >= seen.Length)
        {
            seen.Length = (int)Math.Max(id + 1, 2L * seen.Length);
        }

        if (seen[(int)id])
        {
            throw row.Bad("id", id.ToString(CultureInfo.InvariantCulture), "an id that no row above has");
        }

        seen[(int)id] = true;
        if (status == RequestStatus.Completed && Number(row, Column.Completed) is null)
        {
            throw row.Bad("completed_seconds", null, "a time, since the request completed");
        }
    }
}
