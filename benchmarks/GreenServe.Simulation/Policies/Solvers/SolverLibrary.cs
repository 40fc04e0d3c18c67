using GreenServe.Records;

namespace GreenServe.Simulation.Policies.Solvers;

/// <summary>
/// The solvers of Google.OrTools, which is native code for some platforms only. It is loaded when the first problem is solved.
/// </summary>
internal static class SolverLibrary
{
    /// <summary>Solves a problem with the library.</summary>
    /// <param name="solve">States the problem and reads its solution.</param>
    /// <exception cref="UnavailableException">The library is not there, or has no code for this platform.</exception>
    internal static T Use<T>(Func<T> solve)
    {
        try
        {
            return solve();
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            throw new UnavailableException(
                "This policy solves an optimisation problem with Google.OrTools, whose native library cannot be loaded here "
                + $"({exception.GetBaseException().Message}). "
                + "It exists for Linux, macOS and Windows on x64, and for Linux and macOS on arm64.");
        }
    }

    /// <summary>Whether an exception says that the library or one of its files could not be loaded.</summary>
    internal static bool IsMissing(Exception exception) =>
        exception is DllNotFoundException or FileNotFoundException or BadImageFormatException
        || (exception is TypeInitializationException { InnerException: { } inner } && IsMissing(inner));
}
