// Written by `pulumi-azureml import`. Each service is protected, and stays when it leaves the program.
import "./services/aks-prod";
