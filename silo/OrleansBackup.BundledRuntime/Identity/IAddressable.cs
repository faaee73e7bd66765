namespace Orleans.Runtime;

/// <summary>Anything that can be called from elsewhere: grains and references to them.</summary>
public interface IAddressable;
