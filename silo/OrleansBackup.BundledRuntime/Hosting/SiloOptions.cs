namespace Orleans.Configuration;

/// <summary>What the silo is called.</summary>
public class SiloOptions
{
    public string SiloName { get; set; } = "silo";
}

/// <summary>Names of the service and its cluster. This engine has no cluster; the names are for hosts written for both.</summary>
public class ClusterOptions
{
    public const string DefaultClusterId = "default";
    public const string DefaultServiceId = "default";

    public string ClusterId { get; set; } = DefaultClusterId;
    public string ServiceId { get; set; } = DefaultServiceId;
}

/// <summary>How long callers wait.</summary>
public abstract class MessagingOptions
{
    /// <summary>From the call to its <see cref="TimeoutException"/>. Default: 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <inheritdoc cref="MessagingOptions"/>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>Calls that may wait for one activation; more are refused. 0, the default, is no bound.</summary>
    public int MaxEnqueuedRequestsHardLimit { get; set; }
}

/// <summary>When idle activations go, and how long coming and going may take.</summary>
public class GrainCollectionOptions
{
    /// <summary>How often idle activations are looked for. Default: one minute.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an activation stays with nothing to do. Default: 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Ages of their own, by the grain class's full name.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

    /// <summary>How long reading state and <see cref="Grain.OnActivateAsync"/> may take together. Default: 30 seconds.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running calls, and after them <see cref="Grain.OnDeactivateAsync"/>, may hold an activation that goes. Default: 30 seconds.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
