using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace GreenServe.Records.Requests;

/// <summary>Requests in memory, about 100 bytes each, in the order in which they were added.</summary>
internal sealed class RequestStore
{
    private const int BlockRows = 1 << 14;
    private static readonly string[] ClassNames = [.. RequestClass.All.Select(one => one.Name)];
    private static readonly FrozenDictionary<string, byte> ClassNumbers =
        ClassNames.Index().ToFrozenDictionary(pair => pair.Item, pair => (byte)pair.Index);

    private readonly List<Row[]> blocks = [];

    // Few requests have one, and some servers name every request.
    private readonly Dictionary<int, string> errors = [];
    private readonly RareValues<string?> serverIds = new();
    private readonly RareValues<string?> priorities = new();
    private readonly RareValues<int?> adapters = new();
    private int count;

    /// <summary>Number of requests.</summary>
    internal int Count => count;

    /// <summary>Adds a request.</summary>
    /// <remarks>Its class is one of the nine.</remarks>
    internal void Add(RequestRecord request)
    {
        int at = count % BlockRows;
        if (at == 0)
        {
            blocks.Add(new Row[count == 0 ? 64 : BlockRows]);
        }
        else if (at == blocks[^1].Length)
        {
            Row[] last = blocks[^1];
            Array.Resize(ref last, Math.Min(BlockRows, 4 * last.Length));
            blocks[^1] = last;
        }

        blocks[^1][at] = new Row(request, ClassNumbers[request.Class]);
        if (request.Error is { } error)
        {
            errors[count] = error;
        }

        serverIds.Set(count, request.ServerId);
        priorities.Set(count, request.Priority);
        adapters.Set(count, request.Adapter);
        count++;
    }

    /// <summary>Makes every request, one after the other.</summary>
    internal IEnumerable<RequestRecord> All()
    {
        for (int index = 0; index < count; index++)
        {
            Row row = blocks[index / BlockRows][index % BlockRows];
            yield return row.Request(
                ClassNames[row.Class],
                errors.Count > 0 ? errors.GetValueOrDefault(index) : null,
                serverIds[index],
                priorities[index],
                adapters[index]);
        }
    }

    /// <summary>A request without its texts. An absent time is NaN, and an absent count is below 0.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Row(RequestRecord request, byte requestClass)
    {
        private const int Absent = -1;
        private readonly long id = request.Id;
        private readonly double scheduled = request.ScheduledSeconds;
        private readonly double issued = request.IssuedSeconds ?? double.NaN;
        private readonly double firstToken = request.FirstTokenSeconds ?? double.NaN;
        private readonly double lastToken = request.LastTokenSeconds ?? double.NaN;
        private readonly double completed = request.CompletedSeconds ?? double.NaN;
        private readonly double clientQueue = request.ClientQueueSeconds ?? double.NaN;
        private readonly double gapP99 = request.TbtP99Seconds ?? double.NaN;
        private readonly double gapMax = request.TbtMaxSeconds ?? double.NaN;
        private readonly double energy = request.EnergyJoules ?? double.NaN;
        private readonly double prefillEnergy = request.PrefillEnergyJoules ?? double.NaN;
        private readonly int inputAsked = request.InputTokensAsked;
        private readonly int inputCounted = request.InputTokensCounted ?? Absent;
        private readonly int outputAsked = request.OutputTokensAsked;
        private readonly int outputCounted = request.OutputTokensCounted ?? Absent;
        private readonly byte status = (byte)request.Status;

        internal byte Class { get; } = requestClass;

        internal RequestRecord Request(string requestClass, string? error, string? serverId, string? priority, int? adapter) => new(
            id,
            requestClass,
            scheduled,
            Number(issued),
            Number(firstToken),
            Number(completed),
            inputAsked,
            Tokens(inputCounted),
            outputAsked,
            Tokens(outputCounted),
            (RequestStatus)status,
            error,
            serverId)
        {
            TbtP99Seconds = Number(gapP99),
            TbtMaxSeconds = Number(gapMax),
            EnergyJoules = Number(energy),
            PrefillEnergyJoules = Number(prefillEnergy),
            ClientQueueSeconds = Number(clientQueue),
            LastTokenSeconds = Number(lastToken),
            Priority = priority,
            Adapter = adapter,
        };

        private static double? Number(double value) => double.IsNaN(value) ? null : value;

        private static int? Tokens(int value) => value == Absent ? null : value;
    }

    /// <summary>A value for some of many rows. Rows lie in blocks, and a block in which no row has a value takes no memory.</summary>
    /// <typeparam name="T">Type of the values, of which <c>default</c> is none.</typeparam>
    private sealed class RareValues<T>
    {
        private readonly List<T[]> blocks = [];

        /// <summary>The value of a row; <c>default</c> where it has none.</summary>
        internal T? this[int row] =>
            row / BlockRows < blocks.Count && blocks[row / BlockRows] is { Length: > 0 } block ? block[row % BlockRows] : default;

        /// <summary>Gives a row its value.</summary>
        internal void Set(int row, T value)
        {
            if (value is null)
            {
                return;
            }

            int number = row / BlockRows;
            while (blocks.Count <= number)
            {
                blocks.Add([]);
            }

            T[] block = blocks[number].Length > 0 ? blocks[number] : blocks[number] = new T[BlockRows];
            block[row % BlockRows] = value;
        }
    }
}
