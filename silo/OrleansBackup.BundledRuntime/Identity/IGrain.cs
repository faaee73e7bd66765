using Orleans.Runtime;

namespace Orleans;

/// <summary>A contract of a grain. Every method returns a task or a stream.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain found by a text key.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain found by a number, such as the engine's own <see cref="IManagementGrain"/>.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>A grain found by a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;
