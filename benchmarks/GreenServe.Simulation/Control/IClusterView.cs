using GreenServe.Records.Grids;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Control;

/// <summary>What a policy observes of a cluster. Every member holds at the moment of the call.</summary>
public interface IClusterView
{
    /// <summary>The present time, in seconds from the start of the run.</summary>
    double NowSeconds { get; }

    /// <summary>The servers, by number.</summary>
    IReadOnlyList<IServerView> Servers { get; }

    /// <summary>The instances that exist now, in the order of their servers.</summary>
    IReadOnlyList<IInstanceView> Instances { get; }

    /// <summary>The rows of servers that share a power budget; empty where the cluster has none.</summary>
    IReadOnlyList<IRowView> Rows { get; }

    /// <summary>The sites, each with the signal of its grid; empty where the cluster names none.</summary>
    IReadOnlyList<ISiteView> Sites { get; }

    /// <summary>Number of requests that no instance has because none serves them now.</summary>
    int HeldRequests { get; }

    /// <summary>What the actions cost.</summary>
    ActionCosts Costs { get; }

    /// <summary>Number of requests of a class that have arrived since the start of the run, by predicted class.</summary>
    /// <param name="requestClass">The predicted class.</param>
    long ArrivedRequests(RequestClass requestClass);

    /// <summary>The instance with a number.</summary>
    /// <param name="number">Number of an instance in <see cref="Instances"/>.</param>
    IInstanceView Instance(int number);

    /// <summary>
    /// A step model of an instance with another setting, from which a policy predicts times and energies. It is what operators learn by
    /// profiling beforehand. Models are made once and shared.
    /// </summary>
    /// <param name="system">The instance with the setting.</param>
    StepModel Model(SimulatedSystem system);
}

/// <summary>A server of a cluster: accelerators with the instances that run on them.</summary>
public interface IServerView
{
    /// <summary>Number of the server, from 0.</summary>
    int Number { get; }

    /// <summary>Number of accelerators.</summary>
    int GpuCount { get; }

    /// <summary>The instance that the server was given in the cluster file, with its highest tensor parallelism and knobs.</summary>
    SimulatedSystem System { get; }

    /// <summary>The instances that exist now.</summary>
    IReadOnlyList<IInstanceView> Instances { get; }

    /// <summary>Name of its row; <c>null</c> for none.</summary>
    string? Row { get; }

    /// <summary>Name of its site; <c>null</c> for none.</summary>
    string? Site { get; }

    /// <summary>The quality of the answers of its model, a ratio from 0 to 1; <c>null</c> where the cluster file states none.</summary>
    double? QualityRatio { get; }

    /// <summary>Whether the server changes its instances: they finish their requests, start or move weights.</summary>
    bool IsChanging { get; }

    /// <summary>Whether the server is switched off.</summary>
    bool IsOff { get; }

    /// <summary>Mean power of its accelerators over the last seconds, in watts.</summary>
    /// <param name="overSeconds">Whole seconds, from 1 to 60. A younger run is averaged from its start.</param>
    double GpuWatts(int overSeconds);

    /// <summary>Power of the rest of the server now, in watts; 0 where the cluster file states none or the server is off.</summary>
    double HostWatts { get; }

    /// <summary>Temperature of the air at its inlet, in degrees Celsius; <c>null</c> where the cluster has no thermal model.</summary>
    double? InletCelsius { get; }

    /// <summary>Temperature of its hottest accelerator, in degrees Celsius; <c>null</c> where the cluster has no thermal model.</summary>
    double? GpuCelsius { get; }
}

/// <summary>Servers that share a power budget.</summary>
public interface IRowView
{
    /// <summary>Name of the row.</summary>
    string Name { get; }

    /// <summary>The servers of the row.</summary>
    IReadOnlyList<IServerView> Servers { get; }

    /// <summary>The power that the row may draw now, accelerators and hosts together, in watts.</summary>
    double BudgetWatts { get; }

    /// <summary>Mean power of accelerators and hosts over the last seconds, in watts.</summary>
    /// <param name="overSeconds">Whole seconds, from 1 to 60. A younger run is averaged from its start.</param>
    double Watts(int overSeconds);

    /// <summary>
    /// Air that its servers need over the air that its aisle has now, a ratio; <c>null</c> where the cluster has no thermal model.
    /// </summary>
    double? AirflowRatio { get; }
}

/// <summary>A place with servers on one electric grid.</summary>
public interface ISiteView
{
    /// <summary>Name of the site.</summary>
    string Name { get; }

    /// <summary>The servers of the site.</summary>
    IReadOnlyList<IServerView> Servers { get; }

    /// <summary>The grid's signal over time, which is published ahead.</summary>
    GridSignal Grid { get; }
}
