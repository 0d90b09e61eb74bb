import {mountAll} from "../frame/mount";
import {weightExplorable} from "../weight";

mountAll(weightExplorable);
