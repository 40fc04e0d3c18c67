using System.Runtime.CompilerServices;

namespace GreenServe.Metering.HostProbes;

/// <summary>
/// Version 1 of a fixed piece of work for one thread. It resembles what a serving engine's host does between two steps: it looks requests
/// up by their names, branches on their state, calls methods that are chosen at run time, and allocates small objects that soon die.
/// </summary>
/// <remarks>
/// The work is the same on every machine, and its own hash table and lists keep it the same in later versions of the runtime. Its methods
/// are compiled once and fully optimised, so that its speed does not depend on how often it has run. Do not change it: a change needs a new
/// version of the probe, because speeds of different workloads do not compare.
/// </remarks>
internal sealed class SchedulerWorkload
{
    /// <summary>Number of requests in the table. With their names they take about 1 MB, as the tables of a busy engine do.</summary>
    private const int Requests = 8192;

    private readonly string[] names = new string[Requests];
    private readonly Request?[] buckets = new Request?[Requests];
    private readonly Transition[] transitions = [new Admission(), new Decoding(), new Growth(), new Completion()];
    private ulong random = 0x9E3779B97F4A7C15;

    /// <summary>Prepares the table of requests.</summary>
    internal SchedulerWorkload()
    {
        for (int index = 0; index < Requests; index++)
        {
            string name = $"request-{index:x4}";
            names[index] = name;
            uint bucket = Hash(name) % Requests;
            buckets[bucket] = new Request(name) { Next = buckets[bucket] };
        }
    }

    /// <summary>Does some operations: each takes one request a step further.</summary>
    /// <param name="operations">Number of operations.</param>
    /// <returns>A number that depends on every operation, so that none can be left out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal long Run(int operations)
    {
        long sum = 0;
        for (int operation = 0; operation < operations; operation++)
        {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;

            // A name that came over the network is another object than the name in the table.
            string name = new(names[random % Requests].AsSpan());
            Request request = Find(name);
            sum += transitions[request.State].Apply(request, (int)(random >> 40));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Request Find(string name)
    {
        Request? request = buckets[Hash(name) % Requests];
        while (!AreEqual(request!.Name, name))
        {
            request = request.Next;
        }

        return request;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreEqual(string one, string other)
    {
        for (int index = 0; index < one.Length; index++)
        {
            if (one[index] != other[index])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The hash of Fowler, Noll and Vo (FNV-1a) over the characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char character in text)
        {
            hash = (hash ^ character) * 16777619;
        }

        return hash;
    }

    private sealed class Request(string name)
    {
        internal string Name => name;

        internal Request? Next { get; init; }

        internal int State { get; set; }

        internal int Tokens { get; set; }

        internal Block? Blocks { get; set; }
    }

    /// <summary>A block of cache of a request, in a linked list.</summary>
    private sealed record Block(int Number, Block? Previous);

    /// <summary>What happens to a request in a state.</summary>
    private abstract class Transition
    {
        internal abstract int Apply(Request request, int random);
    }

    private sealed class Admission : Transition
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal override int Apply(Request request, int random)
        {
            request.Tokens = random & 63;
            request.Blocks = new Block(random, null);
            request.State = 1;
            return 1;
        }
    }

    private sealed class Decoding : Transition
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal override int Apply(Request request, int random)
        {
            request.Tokens++;
            request.State = request.Tokens >= 64 ? 3 : (request.Tokens & 3) == 0 ? 2 : 1;
            return request.Tokens;
        }
    }

    private sealed class Growth : Transition
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal override int Apply(Request request, int random)
        {
            request.Blocks = new Block(random, request.Blocks);
            request.State = 1;
            return random & 1;
        }
    }

    private sealed class Completion : Transition
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal override int Apply(Request request, int random)
        {
            int sum = 0;
            for (Block? block = request.Blocks; block is not null; block = block.Previous)
            {
                sum += block.Number & 7;
            }

            request.Blocks = null;
            request.State = 0;
            return sum;
        }
    }
}
